import type { Proxies } from "../shared/adapters/proxies.ts";
import { undiciSend } from "../shared/adapters/undici-send.ts";
import { assert } from "../shared/assert.ts";
import { type Breaker, breaker } from "../shared/openstack/breaker.ts";
import type { Cloud } from "../shared/openstack/cloud.ts";
import type { CloudSettings } from "../shared/openstack/clouds.ts";
import { connect } from "../shared/openstack/connect.ts";
import type { Exchanged } from "../shared/openstack/send.ts";
import { tracer } from "../shared/openstack/traced.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { Log } from "../shared/ports/log.ts";

/** Tenants are often projects of one cloud: a service that is away is away for all who go there in the same way. */
function breakers(clock: Clock, log: Log | undefined) {
  const made = new Map<string, Breaker>();
  return ({ authUrl: cloud, region, interface: face, endpoints, cacert, verify }: CloudSettings): Breaker => {
    const way = JSON.stringify([cloud, region, face, endpoints, cacert, verify]);
    const one =
      made.get(way) ??
      breaker({
        nowMs: () => clock.nowMs(),
        told(service, restSeconds, silentSeconds) {
          if (restSeconds === 0) log?.info("openstack.back", { cloud, service, silentSeconds });
          else log?.warn("openstack.rests", { cloud, service, restSeconds, silentSeconds });
        },
      });
    made.set(way, one);
    return one;
  };
}

interface ConnectionsOptions {
  /** Hears of each exchange. */
  readonly told?: (tenant: string, exchanged: Exchanged) => void;
  readonly log?: Log;
  readonly proxies?: Proxies | undefined;
}

/** One connection for each cloud that the configuration names, kept with its token. */
export function connections(
  clouds: ReadonlyMap<string, CloudSettings>,
  clock: Clock,
  { told, log, proxies }: ConnectionsOptions = {},
) {
  const { trace, through } = tracer();
  const breakerOf = breakers(clock, log);
  const made = new Map(
    [...clouds].map(([tenant, settings]) => {
      const send = undiciSend({ ...settings, proxies });
      const cloud = connect(settings, {
        send: through(send),
        breaker: breakerOf(settings),
        nowMs: () => clock.nowMs(),
        wait: (ms) => clock.wait(ms),
        ...(told === undefined ? {} : { told: (exchanged) => told(tenant, exchanged) }),
      });
      return [tenant, { cloud, send }] as const;
    }),
  );
  return {
    trace,
    cloudOf(tenant: string): Cloud {
      const found = made.get(tenant);
      assert(found !== undefined, `the tenant ${tenant} is configured`);
      return found.cloud;
    },
    close: async () => void (await Promise.all([...made.values()].map(({ send }) => send.close()))),
  };
}
