import type { Flavor } from "../../openstack/compute.ts";
import type { Quota } from "../../openstack/endpoint.ts";
import type { ServiceType } from "../../openstack/errors.ts";
import { largestGroup, quotaWord } from "../needs.ts";
import type { QuotaService } from "../quotas.ts";
import { amountsOf, keyOf, templateSpec } from "../room.ts";
import { type About, amber, type Check, check, type Finding, green, red, unused } from "./check.ts";
import { STARTER_KIT } from "./services.ts";
import type { Sight } from "./sight.ts";

/** Where the option of the command has another word than the service. */
const OPTIONS: Readonly<Record<string, string>> = {
  network: "networks",
  subnet: "subnets",
  port: "ports",
  router: "routers",
  floatingip: "floating-ips",
  security_group: "secgroups",
  security_group_rule: "secgroup-rules",
  load_balancer: "loadbalancer",
  health_monitor: "healthmonitor",
};

const COMMANDS: Readonly<Partial<Record<ServiceType, string>>> = {
  "load-balancer": "loadbalancer quota set",
  dns: "dns quota set --project-id",
  "shared-file-system": "share quota set",
};

/** A limit, and what it has to be at least. */
type Raised = readonly [Quota, number];

/** How an administrator raises limits of one service. */
function raise(limits: readonly Raised[]): string {
  const json = JSON.stringify(Object.fromEntries(limits.map(([{ resource }, least]) => [resource, least])));
  const service = limits[0]?.[0].service;
  // There are no commands for these.
  if (service === "key-manager")
    return `An administrator sends PUT /v1/project-quotas/PROJECT {"project_quotas": ${json}}`;
  if (limits.some(([{ resource }]) => resource === "trunk"))
    return `An administrator sends PUT /v2.0/quotas/PROJECT {"quota": ${json}}`;
  const options = limits.map(
    ([{ resource }, least]) => `--${OPTIONS[resource] ?? resource.replaceAll("_", "-")} ${least}`,
  );
  const command = service === undefined ? undefined : COMMANDS[service];
  return `An administrator runs: openstack ${command ?? "quota set"} PROJECT ${options.join(" ")}`;
}

interface Seen {
  readonly quotas: readonly Quota[];
  readonly flavors: readonly Flavor[];
  readonly services: readonly ServiceType[];
}

/** The least that `--rwx` takes, which no template asks for by itself. */
const SMALLEST_SHARE: readonly (readonly [string, number])[] = [
  ["shared-file-system/shares", 1],
  ["shared-file-system/gigabytes", 1],
];

type Needs = readonly { readonly name: string; readonly needs: ReadonlyMap<string, number> }[];

function needsOfTemplates({ flavors, services }: Seen, { tenant, templates }: About): Needs {
  const share = tenant.shareType === undefined ? [] : SMALLEST_SHARE;
  return Object.entries(templates).map(([name, template]) => ({
    name,
    needs: new Map([
      ...amountsOf(templateSpec(name, template), { tenant, flavors, services }),
      ["compute/server_group_members", largestGroup(template)],
      ...share,
    ]),
  }));
}

interface Shortage {
  readonly level: "red" | "amber";
  readonly says: string;
  readonly raise: Raised;
}

function shortageOf(quota: Quota, templates: Needs): Shortage | undefined {
  const wants = templates
    .map(({ name, needs }) => ({ name, needs: needs.get(keyOf(quota)) ?? 0 }))
    .filter(({ needs }) => needs > 0)
    .sort((a, b) => a.needs - b.needs);
  const [smallest] = wants;
  const { limit, used } = quota;
  if (smallest === undefined || limit < 0) return undefined;
  const word = quotaWord(quota.resource, 2);
  const says = (what: string) => `${word}: ${what}`;
  if (limit < smallest.needs)
    return {
      level: "red",
      says: says(`the limit is ${limit}, and the smallest template, "${smallest.name}", needs ${smallest.needs}`),
      raise: [quota, smallest.needs],
    };
  if (limit - used < smallest.needs)
    return {
      level: "amber",
      says: says(`${used} of ${limit} are used, and another "${smallest.name}" needs ${smallest.needs}`),
      raise: [quota, used + smallest.needs],
    };
  const never = wants.filter(({ needs }) => needs > limit);
  if (never.length === 0) return undefined;
  return {
    level: "amber",
    says: says(`the limit of ${limit} never holds ${never.map((one) => `"${one.name}" (${one.needs})`).join(", ")}`),
    raise: [quota, Math.max(...never.map((one) => one.needs))],
  };
}

/** The one that is fullest, so that a green line says how far it is from being none. */
function tightest(quotas: readonly Quota[]): string {
  const limited = quotas.filter((one) => one.limit >= 0).sort((a, b) => b.used / b.limit - a.used / a.limit);
  const [first] = limited;
  return first === undefined
    ? "no limits"
    : `tightest: ${quotaWord(first.resource, 2)}, ${first.used} of ${first.limit} used`;
}

function judge(service: ServiceType, seen: Seen, about: About): Finding {
  if (!seen.services.includes(service)) return unused(`there is no ${STARTER_KIT[service].name}`);
  const templates = needsOfTemplates(seen, about);
  const relevant = seen.quotas.filter((quota) => templates.some(({ needs }) => needs.has(keyOf(quota))));
  if (relevant.length === 0)
    return unused(service === "dns" ? "counted in the zone, which is missing" : "no template takes any of it");
  const short = relevant.map((quota) => shortageOf(quota, templates)).filter((one) => one !== undefined);
  const level = short.some((one) => one.level === "red") ? "red" : "amber";
  const worst = short.filter((one) => one.level === level);
  if (worst.length === 0) return green(tightest(relevant));
  const says = worst.map((one) => one.says).join("; ");
  return (level === "red" ? red : amber)(says, raise(worst.map((one) => one.raise)));
}

const LIMITED: Readonly<Record<QuotaService, string>> = {
  compute: "GET /v2.1/os-quota-sets/PROJECT/detail",
  network: "GET /v2.0/quotas/PROJECT/details",
  "load-balancer": "GET /v2/lbaas/quotas/PROJECT, and what is there counted",
  dns: "GET /v2/quotas/PROJECT, and the zone's recordsets counted",
  "key-manager": "GET /v1/quotas, and what is there counted",
  "shared-file-system": "GET /v2/quota-sets/PROJECT/detail",
};

async function read(sight: Sight, service: QuotaService): Promise<Seen> {
  const services = await sight.services();
  // Without Nova the sizes of flavors are unknown, and only Nova's own quotas need them.
  const known = service === "compute" ? sight.flavors() : Promise.resolve([]);
  const [quotas, flavors] = await Promise.all([services.includes(service) ? sight.quota(service) : [], known]);
  return { quotas, flavors, services };
}

export const quotaChecks: readonly Check[] = Object.entries(LIMITED).map(([key, how]) => {
  const service = key as QuotaService;
  return check<Seen>({
    id: `${service}/quota`,
    service,
    title: `${STARTER_KIT[service].name}'s quota`,
    why: "A create that does not fit is refused, so each template has to fit into the project's limits",
    how,
    mend: "an administrator raises the limit; -1 is none",
    read: (sight) => read(sight, service),
    judge: (seen, about) => judge(service, seen, about),
  });
});
