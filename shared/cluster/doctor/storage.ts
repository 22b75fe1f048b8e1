import type { Cloud } from "../../openstack/cloud.ts";
import { type Check, check, green, listOf, red, unused } from "./check.ts";

type ShareType = Awaited<ReturnType<Cloud["sharedFileSystem"]["listShareTypes"]>>[number];
type Seen = { readonly offered: boolean; readonly types: readonly ShareType[] };

async function read(sight: {
  services(): Promise<readonly string[]>;
  shareTypes(): Promise<readonly ShareType[]>;
}): Promise<Seen> {
  const offered = (await sight.services()).includes("shared-file-system");
  return { offered, types: offered ? await sight.shareTypes() : [] };
}

const wantedOf = (types: readonly ShareType[], wanted: string | undefined): ShareType | undefined =>
  types.find((one) => one.name === wanted || one.id === wanted);

const NO_TYPE = "no shareType is configured: --rwx is refused";
const NO_MANILA = "there is no Manila";

const type = check<Seen>({
  id: "shared-file-system/type",
  service: "shared-file-system",
  title: "Share type",
  why: "Shares of --rwx, and those that claims ask Manila CSI for, are of this type",
  how: "GET /v2/types",
  mend: "shareType in the configuration, or openstack share type create by the operator",
  read,
  judge({ offered, types }, { tenant: { shareType: wanted } }) {
    if (wanted === undefined) return unused(NO_TYPE);
    if (!offered) return unused(NO_MANILA);
    const found = wantedOf(types, wanted);
    if (found === undefined)
      return red(
        `there is no share type "${wanted}", only: ${listOf(types.map((one) => one.name))}`,
        "Set shareType to one of these, or ask the operator to give this project access to it.",
      );
    const own = /^true$/i.test(String(found.extra_specs["driver_handles_share_servers"]));
    return green(`"${found.name}", ${own ? "with a share network for each cluster" : "without share servers"}`);
  },
});

const protocol = check<Seen>({
  id: "shared-file-system/protocol",
  service: "shared-file-system",
  title: "Share protocol",
  why: "Nodes mount shares by it",
  how: 'the type\'s extra spec "storage_protocol", where it has one: Manila tells nobody what it has enabled',
  mend: "shareProtocol in the configuration, or enabled_share_protocols in manila.conf",
  read,
  judge({ offered, types }, { tenant: { shareType: wanted, shareProtocol: configured } }) {
    const found = offered ? wantedOf(types, wanted) : undefined;
    if (found === undefined) return unused(wanted === undefined ? NO_TYPE : offered ? "no share type" : NO_MANILA);
    if (configured !== "NFS")
      return red(
        `nodes mount shares by NFS, and not by ${configured}`,
        "Set shareProtocol to NFS, and shareType to match.",
      );
    const said = found.extra_specs["storage_protocol"];
    if (typeof said === "string") {
      // An extra spec may name several: `NFS_CIFS`, `<in> NFS`.
      if (
        said
          .toUpperCase()
          .split(/[^A-Z]+/)
          .includes(configured)
      )
        return green(`${configured}, as the type says`);
      return red(`"${found.name}" is for ${said}, not for ${configured}`, "Correct shareProtocol, or shareType.");
    }
    return green(`${configured}, which Manila takes unless it is told otherwise`);
  },
});

export const storageChecks: readonly Check[] = [type, protocol];
