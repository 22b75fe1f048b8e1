import type { ServiceType } from "../../shared/openstack/errors.ts";

export interface Options {
  /** 1 is the lab's pace; 10 is ten times as fast. */
  readonly speed?: number;
  /** The largest page of every listing. */
  readonly pageSize?: number;
  /** Compute hosts: servers are built one at a time on each, and anti-affinity needs as many as it has members. */
  readonly hosts?: number;
  readonly tokenSeconds?: number;
  /** The password of team-a, team-b and admin. */
  readonly password?: string;
  /** Services that this cloud lacks: neither in the catalog nor at the door. */
  readonly absent?: readonly ServiceType[];
  /** What team-a and team-b may do in their projects. */
  readonly roles?: readonly string[];
  /** Extensions of Neutron's and providers of Octavia's that nobody has set up here. */
  readonly without?: readonly ("trunk" | "quota_details" | "ovn" | "amphora")[];
  /**
   * Where restricted logins are not what they should be. `dropped`: Keystone is older than Train and drops access rules unread.
   * `unset`: these services' [keystone_authtoken] has no service_type, and then refuses whoever has access rules.
   */
  readonly accessRules?: { readonly dropped?: true; readonly unset?: readonly ServiceType[] };
  /** How the doors wait when a `slow` fault is on; without it a slow answer takes no time, unless the caller gives up. */
  readonly wait?: (ms: number) => Promise<void>;
  /** What runs on the servers. */
  readonly machines?: Machines;
}

/** The other side of a server: a machine that is switched on and off. */
export interface Machines {
  /** The first time is its boot. `userData` as Nova keeps it: base64. */
  on(server: { readonly id: string; readonly name: string; readonly userData: string }): void;
  off(id: string): void;
  /** Lines of its serial console. */
  console(id: string): readonly string[];
}

export const NO_MACHINES: Machines = { on: () => undefined, off: () => undefined, console: () => [] };
export const ROLES = ["member", "reader", "load-balancer_member", "creator"];
/** A cloud that has everything. */
export const WHOLE = { roles: ROLES, without: [], accessRules: {} };
