import type { World } from "./core.ts";
import { dropRules } from "./manila-access.ts";
import type { Cause, Messages } from "./manila-messages.ts";
import { shareNetworks } from "./manila-networks.ts";
import { serverOf } from "./manila-servers.ts";
import { type Export, type Share, sharesOf } from "./manila-shares.ts";
import { TAKES } from "./timing.ts";

/** How far into its creation a share with a server of its own has a host, which then starts the server. */
const HOSTED = 0.35;
/** The most that one share may have: the free space of each of the cloud's two backends. */
const FREE_GIB = 1210;

const NO_ROOM = "No storage could be allocated for this share request";
const noRoom: Cause = {
  action: ["001", "allocate host"],
  detail: ["009", `${NO_ROOM}, Capacity filter didn't succeed.`],
};
const noRoomToGrow: Cause = {
  action: ["008", "extend"],
  detail: ["002", `${NO_ROOM}. Trying again with a different size or share type may succeed.`],
};
const unexpectedNetwork: Cause = {
  action: ["002", "create"],
  detail: ["003", "Driver does not expect share-network to be provided with current configuration."],
};
const unknown = (text: string): Cause => ({ action: ["002", "create"], detail: ["001", text] });

const ANYWHERE = ["10.0.0.10", "10.0.0.20"];
const ADMIN = "11.0.0.11";

function exportsOf(world: World, row: Share, addresses: readonly string[]): readonly Export[] {
  const part = (id: string) => id.replaceAll("-", "_");
  const mount = `/path/to/fake/share/share_${part(row.id)}_${part(world.uuid())}`;
  const one = (address: string, preferred: boolean, adminOnly: boolean): Export => ({
    id: world.uuid(),
    path: `${address}:${mount}`,
    preferred,
    adminOnly,
    atMs: world.nowMs(),
  });
  return [one(ADMIN, false, true), ...addresses.map((address, at) => one(address, at === 0, false))];
}

/** The driver's part: what it makes the share from, or why it can't. */
function make(world: World, row: Share): Cause | { readonly addresses: readonly string[] } {
  const network = row.share_network_id === null ? undefined : shareNetworks(world).get(row.share_network_id);
  if (!row.type.dhss) return network === undefined ? { addresses: ANYWHERE } : unexpectedNetwork;
  return network === undefined ? unexpectedNetwork : serverOf(world, network);
}

/** What becomes of a share after the answer: nothing of it once the row has gone. */
export function lifecycle(world: World, messages: Messages) {
  const later = (ms: number, id: string, run: (row: Share) => void) =>
    world.later(ms, () => {
      const row = sharesOf(world).get(id);
      if (row !== undefined) run(row);
    });
  const fail = (row: Share, cause: Cause) => {
    row.status = "error";
    messages.tell(row.project_id, row.id, cause);
  };
  const finish = (row: Share, addresses: readonly string[]) => {
    const text = world.faults.broken("share", row.name ?? "");
    if (text === undefined) Object.assign(row, { status: "available", exports: exportsOf(world, row, addresses) });
    else fail(row, unknown(text));
  };
  return {
    create(share: Share): void {
      if (share.size > FREE_GIB) {
        later(world.takes(TAKES.shareCreated), share.id, (row) => fail(row, noRoom));
        return;
      }
      const network = shareNetworks(world).get(share.share_network_id ?? "");
      const servesFirst = share.type.dhss && network?.server === undefined;
      const takes = world.takes(servesFirst ? TAKES.serverShareCreated : TAKES.shareCreated);
      later(servesFirst ? HOSTED * takes : takes, share.id, (row) => {
        row.host = `lab-manila@${row.type.backend}#fake_pool_for_${row.type.backend}`;
        const made = make(world, row);
        if (!("addresses" in made)) fail(row, made);
        else if (servesFirst) later((1 - HOSTED) * takes, row.id, (done) => finish(done, made.addresses));
        else finish(row, made.addresses);
      });
    },
    /** Both ways. A share for whose growth there is no room stays as it was. */
    resize(share: Share, size: number): void {
      share.status = size > share.size ? "extending" : "shrinking";
      share.wanted = Math.max(size, share.size);
      later(world.takes(TAKES.shareResized), share.id, (row) => {
        if (size > FREE_GIB) messages.tell(row.project_id, row.id, noRoomToGrow);
        else row.size = size;
        row.wanted = row.size;
        row.status = "available";
      });
    },
    /** A share without a host is gone at once. */
    remove(share: Share): void {
      const drop = (row: Share) => {
        dropRules(world, row.id);
        sharesOf(world).remove(row.id);
      };
      share.status = "deleting";
      if (share.host === null) drop(share);
      else later(world.takes(TAKES.shareDeleted), share.id, drop);
    },
  };
}

export type Lifecycle = ReturnType<typeof lifecycle>;
