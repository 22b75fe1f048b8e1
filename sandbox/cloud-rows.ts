import type { Sandbox } from "./openstack/index.ts";
import type { Item } from "./openstack/table.ts";
import type { CloudRow } from "./page/panel.ts";

/** Parts of others, and what every project has from the start. */
const HIDDEN = new Set(["security-group-rule", "listener", "pool", "health-monitor", "zone", "access-rule"]);

const standing = ({ type, name, fields }: Item): boolean =>
  (type === "security-group" && name === "default") ||
  (type === "recordset" && (fields["type"] === "SOA" || fields["type"] === "NS"));

function detailOf({ type, fields }: Item): string {
  switch (type) {
    case "recordset":
      return [fields["type"], ...(Array.isArray(fields["records"]) ? fields["records"] : [])].map(String).join(" ");
    case "share":
    case "volume":
      return `${String(fields["size"])} GiB`;
    case "subnet":
      return String(fields["cidr"]);
    default:
      return "";
  }
}

/** What exists in these projects now, as the page lists it. */
export const cloudRows = (cloud: Sandbox, projects: readonly string[]): readonly CloudRow[] =>
  projects.flatMap((project) =>
    cloud
      .everything(project)
      .filter((item) => !HIDDEN.has(item.type) && !standing(item))
      .map((item) => ({
        project,
        kind: item.type,
        id: item.id,
        name: item.name,
        status: item.status,
        detail: detailOf(item),
      })),
  );
