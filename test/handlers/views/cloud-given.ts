import { doctorMessage } from "../../../handlers/views/doctor.ts";
import { type QuotaView, quotaMessage } from "../../../handlers/views/quota-room.ts";
import type { Line } from "../../../shared/cluster/doctor/index.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";

type Many = <T>(make: (at: number) => T) => T[];

const BASE = { id: "dns/zone", service: "dns", title: "DNS zone", why: "Names are made in it" } as const;

/** What is said of a tenant's cloud itself, filled with these words of others. */
export function shownOfCloud(words: string, many: Many): readonly (readonly [string, SlackMessage])[] {
  const red: Line = { ...BASE, level: "red", says: `${words} is missing`, remedy: `Create it: ${words}` };
  const amber: Line = { ...BASE, level: "amber", says: `an odd one ${words}`, remedy: `Look at it: ${words}` };
  const well: Line = { ...BASE, level: "green", says: `well ${words}` };
  const unused: Line = { ...BASE, level: "unused", says: `not asked for ${words}` };
  const unknown: Line = { ...BASE, level: "unknown", says: `not looked at ${words}` };
  const cores = { service: "compute", resource: "cores", limit: 40, used: 10 } as const;
  const needs = new Map([["compute/cores", 10]]);
  const view: QuotaView = {
    tenant: "team-a",
    quotas: [cores, { service: "network", resource: "floatingip", limit: -1, used: 3 }],
    reserved: new Map([["compute/cores", 4]]),
    templates: [{ name: "small", needs, missing: [], room: { clusters: 2, bottleneck: cores } }],
    promised: [],
    silent: [],
    limit: { clusters: 1, most: 20 },
  };
  const none = { name: "small", needs, missing: [], room: { clusters: 0, bottleneck: { ...cores, limit: 0 } } };
  return [
    ["a cloud that is ready", doctorMessage({ tenant: "team-a", lines: [well, unused] })],
    ["a cloud with something to know", doctorMessage({ tenant: "team-a", lines: [amber, well] })],
    [
      "a cloud that is not ready",
      doctorMessage({
        tenant: "team-a",
        lines: [red, amber, well, unused, unknown].concat(
          many(() => red),
          many(() => unknown),
        ),
      }),
    ],
    ["quotas", quotaMessage(view)],
    ["quotas that are full", quotaMessage({ ...view, quotas: [{ ...cores, limit: 0 }], templates: [none] })],
    [
      "quotas of which some are not told",
      quotaMessage({
        ...view,
        templates: [...view.templates, { ...none, name: words, missing: [words] }],
        promised: many(() => ({ name: words, is: "under way" as const, amounts: needs })),
        silent: [{ service: "load-balancer", fault: `down ${words}` }],
      }),
    ],
  ];
}
