import { rootOf, type World } from "./core.ts";
import type { SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  /** MiB */
  readonly ram: number;
  /** GiB */
  readonly disk: number;
}

export interface ServerGroup extends Row {
  readonly name: string;
  readonly user_id: string;
  readonly policy: string;
  readonly rules: { readonly max_server_per_host?: number };
}

/** What a server is to be plugged into: a port that is there, or a network on which Nova makes one. */
export type Wanted = { readonly port: string } | { readonly network: string; readonly fixedIp?: string };

export interface Server extends Row {
  name: string;
  hostname: string;
  readonly user_id: string;
  description: string | null;
  readonly key_name: string | null;
  readonly flavor: Flavor;
  readonly image_id: string;
  metadata: Readonly<Record<string, string>>;
  readonly wanted: readonly Wanted[];
  readonly security_groups: readonly string[];
  readonly config_drive: boolean;
  /** Base64; never shown. */
  readonly user_data: string;
  /** Id of its server group, also of one that is gone by now. */
  readonly group: string | undefined;
  readonly created_ms: number;
  tags: readonly string[];
  status: string;
  vm_state: string;
  task_state: string | null;
  power_state: number;
  /** Where it is placed: absent until it is scheduled, and again once it has failed. */
  host: string | undefined;
  /** Ports that Nova made for it, and takes with it. */
  made_ports: readonly string[];
  updated_ms: number;
  launched_ms: number | undefined;
  terminated_ms: number | undefined;
  /** Since then its host is dead, and does nothing about its delete. */
  deaf_ms: number | undefined;
  /** Until then its host is at work on it, and does nothing else with it. */
  busy_until_ms: number;
  fault: { readonly code: number; readonly created: string; readonly message: string } | undefined;
}

/** The zone that all hosts are in. */
export const ZONE = "nova";

export const serverTable = (world: World) => world.table<Server>("server");
export const groupTable = (world: World) =>
  world.table<ServerGroup>("server-group", (row) => ({ status: "ACTIVE", description: row.policy }));

/** As the database keeps them. */
export const tagsOf = (asked: readonly string[]): readonly string[] => [...new Set(asked)].sort();

/** Members are servers: a group's own row knows of none. */
export const membersOf = (world: World, group: string): readonly Server[] =>
  serverTable(world)
    .all()
    .filter((server) => server.group === group);

export const hostsOf = (world: World): readonly string[] =>
  Array.from({ length: world.options.hosts }, (_, at) => `compute-${at + 1}`);

/** `2026-11-25T02:02:26.000000`: how Nova writes some of its times, with no zone. */
export const microseconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.000000`;

export const bookmark = (request: SandboxRequest, path: string) => ({
  rel: "bookmark",
  href: `${rootOf(request, "compute")}/${path}`,
});

export const linksTo = (request: SandboxRequest, path: string) => [
  { rel: "self", href: `${rootOf(request, "compute")}/v2.1/${path}` },
  bookmark(request, path),
];
