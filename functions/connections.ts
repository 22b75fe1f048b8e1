import { undiciSend } from "../shared/adapters/undici-send.ts";
import { assert } from "../shared/assert.ts";
import type { Cloud } from "../shared/openstack/cloud.ts";
import type { CloudSettings } from "../shared/openstack/clouds.ts";
import { connect } from "../shared/openstack/connect.ts";
import type { Exchanged } from "../shared/openstack/send.ts";
import { tracer } from "../shared/openstack/traced.ts";
import type { Clock } from "../shared/ports/clock.ts";

/** One connection for each cloud that the configuration names, kept with its token. `told` hears of each exchange. */
export function connections(
  clouds: ReadonlyMap<string, CloudSettings>,
  clock: Clock,
  told?: (tenant: string, exchanged: Exchanged) => void,
) {
  const { trace, through } = tracer();
  const made = new Map(
    [...clouds].map(([tenant, settings]) => {
      const send = undiciSend(settings);
      const cloud = connect(settings, {
        send: through(send),
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
