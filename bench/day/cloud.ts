import { openstackCalls } from "../../functions/observe.ts";
import { datacenter } from "../../sandbox/datacenter.ts";
import { kubernetesDialer } from "../../shared/adapters/kubernetes-dialer.ts";
import type { KubernetesDialer } from "../../shared/kubernetes/send.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { ServiceType } from "../../shared/openstack/errors.ts";
import type { Exchanged, HttpRequest, Send } from "../../shared/openstack/send.ts";
import { tracer } from "../../shared/openstack/traced.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Ledger } from "./ledger.ts";
import type { DayTime } from "./time.ts";

/** The project of each embedded OpenStack that is a tenant's. */
const PROJECT = "team-a";
const HOSTS = 200;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** How long calls take, in ms: what the lab's services need for an answer while nobody else asks. */
export const TAKES = { get: 50, other: 150, kubernetes: 30 } as const;

/** A service of all clouds that answers nothing but 503 for a while. */
export interface Outage {
  readonly path: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

const tenantAt = (index: number): string => `team-${index}`;
/** `t3-c17` is a cluster of `team-3`. */
export const clusterName = (tenant: number, number: number): string => `t${tenant}-c${number}`;

/** Each exchange in the books, and the busiest second and minute of each service of one cloud. */
export const noted =
  (books: Ledger) =>
  (tenant: string, { service, method }: Pick<Exchanged, "service" | "method">): void => {
    books.add(`openstack ${service}`);
    books.add(method === "GET" ? "openstack reads" : "openstack writes");
    books.busy(`${service} of ${tenant}`, SECOND_MS);
    books.busy(`minute of ${service} of ${tenant}`, MINUTE_MS);
  };

/** One embedded OpenStack for each tenant, at the lab's pace. */
export function dayClouds(setup: {
  readonly books: Ledger;
  readonly time: DayTime;
  readonly tenants: number;
  readonly outage: Outage;
  readonly token: (length: number) => string;
  readonly log: Deps["log"];
  readonly metrics: Deps["metrics"];
}) {
  const { books, time, outage } = setup;
  /** Of the embedded clouds, not of the bot. */
  let busyMs = 0;
  const measured = <T>(work: () => T): T => {
    const begun = performance.now();
    try {
      return work();
    } finally {
      busyMs += performance.now() - begun;
    }
  };
  const places = Array.from({ length: setup.tenants }, () =>
    datacenter({ clock: time, chance: { token: setup.token }, options: { hosts: HOSTS, wait: time.wait } }),
  );
  for (const { cloud } of places) {
    const { id } = cloud.project(PROJECT);
    const services: readonly ServiceType[] = [
      ...([
        "compute",
        "network",
        "load-balancer",
        "dns",
        "shared-file-system",
        "key-manager",
        "block-storage",
      ] as const),
    ];
    for (const service of services)
      for (const { resource } of cloud.quotas.of(id, service)) cloud.quotas.set(id, service, resource, -1);
  }
  const { trace, through } = tracer();
  const told = openstackCalls(setup.log, setup.metrics);
  const away = (request: HttpRequest): boolean =>
    request.url.includes(outage.path) && time.nowMs() >= outage.fromMs && time.nowMs() < outage.untilMs;
  const sendTo =
    (send: Send): Send =>
    async (request) => {
      const takes = request.method === "GET" ? TAKES.get : TAKES.other;
      await time.wait(takes / 2);
      const answer = away(request)
        ? { status: 503, headers: {}, body: "Service Unavailable" }
        : await measured(() => send(request));
      await time.wait(takes / 2);
      return answer;
    };
  const made = new Map<string, Cloud>();
  const clouds = places.map(({ cloud }, index) => {
    const runtime = { nowMs: time.nowMs, wait: time.wait, send: through(sendTo(cloud.send)) };
    const hears = (exchanged: Exchanged): void => {
      noted(books)(tenantAt(index), exchanged);
      told(tenantAt(index), exchanged);
    };
    return connect(cloud.settings(PROJECT), { ...runtime, told: hears });
  });
  for (const [index, cloud] of clouds.entries()) made.set(tenantAt(index), cloud);
  const kubernetes = kubernetesDialer({
    nowMs: time.nowMs,
    dial(access) {
      const place = places[Number(/^api\.t(\d+)-/.exec(access.serverName)?.[1])];
      const send = place?.kubernetes.dial(access);
      return Object.assign(
        async (request: Parameters<Awaited<ReturnType<KubernetesDialer["connect"]>>>[0]) => {
          books.add("kubernetes");
          await time.wait(TAKES.kubernetes);
          await place?.kubernetes.settle();
          if (send === undefined) throw new Error("connect ECONNREFUSED");
          return measured(() => send(request));
        },
        { close: async () => undefined },
      );
    },
  });
  return {
    kubernetes,
    trace,
    cloudOf(tenant: string): Cloud {
      const found = made.get(tenant);
      if (found === undefined) throw new Error(`there is no cloud of ${tenant}`);
      return found;
    },
    /** How many things are left in all of them. */
    things: (): number => places.reduce((sum, { cloud }) => sum + cloud.everything(PROJECT).length, 0),
    busyMs: () => busyMs,
  };
}

/** A configuration with so many tenants like the example's first. */
export function dayConfig(example: Deps["config"], tenants: number): Deps["config"] {
  const team = example.tenants["team-a"];
  if (team === undefined) throw new Error("the example has no team-a");
  const limits = { ...team.limits, clusters: 1_000_000 };
  const all = Array.from({ length: tenants }, (_, index) => [
    tenantAt(index),
    { ...team, limits, channels: [channelOf(index)], oncallChannel: `C0ONCALL${index}` },
  ]);
  return { ...example, tenants: Object.fromEntries(all) };
}

export const channelOf = (tenant: number): string => `C0TEAM${tenant}`;
