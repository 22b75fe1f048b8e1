import type { ServiceType } from "../../shared/openstack/errors.ts";
import type { Chance } from "../../shared/ports/clock.ts";
import { agenda } from "./agenda.ts";
import { type Faults, faults } from "./faults.ts";
import { type Machines, NO_MACHINES, type Options, ROLES, WHOLE } from "./options.ts";
import { type Quotas, quotas } from "./quotas.ts";
import { random } from "./random.ts";
import type { SandboxRequest } from "./service.ts";
import { type AnyTable, type Describe, type Row, type Table, table } from "./table.ts";
import { quantileOf, type Takes } from "./timing.ts";

export type { Machines, Options } from "./options.ts";

/*
 * The sandbox's core: one World, shared by all services. A service is `(world) => SandboxService`:
 *
 *   export function dns(world: World): SandboxService {
 *     const recordsets = world.table<Recordset>("recordset");             // the name is the type of fault and inspection
 *     world.quotas.define("dns", { recordsets: 500 }, (project) => recordsets.all(project).length);
 *     return {
 *       type: "dns", name: "designate",
 *       fault: (fault) => ({ code: fault.status, type: fault.type, message: fault.message }),
 *       routes: {
 *         "GET /v2/recordsets/:id": (request, params) => ({ status: 200, body: mine(recordsets, request, params["id"]) }),
 *         "POST /v2/recordsets": (request) => {
 *           if (!world.quotas.fits(request.project, "dns", "recordsets")) throw new Fault(413, "...", "over_quota");
 *           const row = recordsets.add({ id: world.uuid(), project_id: request.project, status: "PENDING", ... });
 *           world.later(world.takes(TAKES.recordsetWritten), () => {      // as on the lab; the speed is applied here
 *             row.status = world.faults.broken("recordset", row.name) === undefined ? "ACTIVE" : "ERROR";
 *           });
 *           return { status: 202, body: row };
 *         },
 *       },
 *     };
 *   }
 *
 * The door has checked the token (and the access rules) of every call but the version documents (`GET /`, `GET /v2.0`),
 * has parsed JSON, and adds x-openstack-request-id. A handler is synchronous; it either has its whole effect or throws a
 * Fault and has none. Services meet in tables: `world.table<Port>("port")` is the same table for all of them (neutron-*.ts
 * exports the row types, and createPort/deletePort for VIPs). Rows that are gone leave their table; a later event must look
 * the row up again (`table.get(id)`) before it touches what may have gone in the meantime.
 */

export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  /** Roles on the project of the same name. */
  readonly roles: readonly string[];
}

/** What a token is good for. Keystone makes them; the door looks them up. */
export interface Token {
  readonly user: User;
  /** Absent in an unscoped token: it reaches only Keystone. */
  readonly project: Project | undefined;
  readonly roles: readonly string[];
  readonly expiresMs: number;
  /** The application credential it was made with; the token dies with it. */
  readonly credential: string | undefined;
  /** Undefined: no restriction. */
  readonly accessRules: readonly AccessRule[] | undefined;
  /** False: application credentials and trusts cannot be made with it. */
  readonly unrestricted: boolean;
}

export interface AccessRule {
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

export interface World {
  nowMs(): number;
  /** `run` happens when the clock has moved on by this much; inside it, `nowMs` is the moment when it was due. */
  later(afterMs: number, run: () => void): void;
  /** Runs what is due. The door does it before each call. */
  settle(): void;
  nextMs(): number | undefined;
  /** A seeded duration of this distribution, in ms, with the speed applied. */
  takes(duration: Takes): number;
  /** A whole number below `count`. */
  pick(count: number): number;
  uuid(): string;
  /** Keystone's form of ids. */
  hex(): string;
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  /** By id. */
  readonly tokens: Map<string, Token>;
  /** The table of this name, the same for everyone who asks. The owner says how its rows look from outside. */
  table<T extends Row>(name: string, describe?: Describe<T>): Table<T>;
  tables(): ReadonlyMap<string, AnyTable>;
  /** Hear of each row that arrives in any table, in that moment. */
  readonly newcomers: Set<(type: string, id: string) => void>;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly options: Required<Omit<Options, "wait" | "machines">>;
  readonly machines: Machines;
}

export function world(clock: { nowMs(): number }, chance: Chance, options: Options = {}): World {
  const all = {
    speed: 1,
    pageSize: 1000,
    hosts: 3,
    tokenSeconds: 14_400,
    password: "demo",
    absent: [],
    ...WHOLE,
    ...options,
  };
  const draw = random(chance);
  const events = agenda(clock);
  const wrong = faults(draw);
  const tables = new Map<string, AnyTable>();
  const looks = new Map<string, Describe<Row>>();
  const newcomers: World["newcomers"] = new Set();
  const isNew = (type: string, id: string): void => {
    for (const hear of newcomers) hear(type, id);
  };
  const project = (name: string): Project => ({ id: draw.hex(), name });
  const user = (name: string, roles: readonly string[]): User => ({
    id: draw.hex(),
    name,
    password: all.password,
    roles,
  });
  return {
    nowMs: events.nowMs,
    later: events.later,
    settle: events.settle,
    nextMs: events.nextMs,
    takes: (duration) => quantileOf(duration, draw.next()) / all.speed,
    pick: (count) => Math.floor(draw.next() * count),
    uuid: draw.uuid,
    hex: draw.hex,
    projects: [project("admin"), project("team-a"), project("team-b")],
    users: [user("admin", ["admin", ...ROLES]), user("team-a", all.roles), user("team-b", all.roles)],
    tokens: new Map(),
    table<T extends Row>(name: string, describe?: Describe<T>): Table<T> {
      if (describe !== undefined) looks.set(name, (row) => describe(row as T));
      const made =
        tables.get(name) ?? table<T>(name, (row) => looks.get(name)?.(row) ?? {}, events.nowMs, wrong.hiddenMs, isNew);
      tables.set(name, made);
      // A name has one row type: who asks for the table names it, and the neighbours agree by importing that type.
      return made as Table<T> & AnyTable;
    },
    tables: () => tables,
    newcomers,
    quotas: quotas(),
    faults: wrong,
    options: all,
    machines: options.machines ?? NO_MACHINES,
  };
}

/** Path prefixes below one host, as DevStack has them. */
export const PREFIX: Readonly<Record<ServiceType, string>> = {
  identity: "/identity",
  compute: "/compute",
  image: "/image",
  network: "/networking",
  "load-balancer": "/load-balancer",
  dns: "/dns",
  "key-manager": "/key-manager",
  "shared-file-system": "/share",
  "block-storage": "/volume",
};

/** `http://openstack.sandbox/compute`: the root of a service as this caller sees it, for links and hrefs. */
export const rootOf = (request: Pick<SandboxRequest, "headers">, service: ServiceType): string =>
  `http://${request.headers["host"] ?? "openstack.sandbox"}${PREFIX[service]}`;

export const isAdmin = (request: Pick<SandboxRequest, "roles">): boolean => request.roles.includes("admin");

/** The project whose rows this caller may see; undefined (all of them) for an admin, as Neutron and Octavia do. */
export const scopeOf = (request: SandboxRequest): string | undefined =>
  isAdmin(request) ? undefined : request.project;
