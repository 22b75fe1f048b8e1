import { scopeOf, type World } from "./core.ts";
import { Fault, type SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";
import type { Takes } from "./timing.ts";

export interface Volume extends Row {
  readonly name: string | null;
  readonly description: string | null;
  /** GiB. */
  size: number;
  status: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly user_id: string;
  readonly created_at: string;
  readonly snapshot_id: string | null;
  /** The server that has it. */
  attachment: { readonly id: string; readonly server: string; readonly device: string } | undefined;
}

export interface Snapshot extends Row {
  readonly name: string | null;
  readonly description: string | null;
  readonly size: number;
  status: string;
  readonly volume_id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created_at: string;
}

/** By guess: there was no Cinder to watch. */
export const CINDER_TAKES = {
  made: [800, 1500, 3000],
  removed: [800, 1500, 3000],
  attached: [1000, 2000, 4000],
} as const satisfies Readonly<Record<string, Takes>>;

export const volumesOf = (world: World) => world.table<Volume>("volume");
export const snapshotsOf = (world: World) => world.table<Snapshot>("volume-snapshot");

export function findVolume(world: World, request: SandboxRequest, id: string): Volume {
  const row = volumesOf(world).get(id, scopeOf(request));
  if (row === undefined) throw new Fault(404, `Volume ${id} could not be found.`);
  return row;
}

export const attachedTo = (world: World, server: string): readonly Volume[] =>
  volumesOf(world)
    .all()
    .filter((one) => one.attachment?.server === server);

/** What a server had is free once the server is gone. */
export function release(world: World, server: string): void {
  for (const volume of attachedTo(world, server)) Object.assign(volume, { status: "available", attachment: undefined });
}
