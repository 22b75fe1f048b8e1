import { OpenStackError, type ServiceType, type Trouble } from "../../openstack/errors.ts";
import type { About, Check, Finding, Level } from "./check.ts";
import { red, unknown } from "./check.ts";
import { identityChecks } from "./identity.ts";
import { machineChecks } from "./machines.ts";
import { nameChecks } from "./names.ts";
import { balancerChecks, networkChecks } from "./network.ts";
import { quotaChecks } from "./quotas.ts";
import { SERVICE_TYPES, STARTER_KIT, serviceChecks, versionChecks } from "./services.ts";
import { type Patient, type Sight, sightOf } from "./sight.ts";
import { storageChecks } from "./storage.ts";

export type { About, Finding, Level } from "./check.ts";
export { STARTER_KIT } from "./services.ts";
export type { Patient } from "./sight.ts";

/** So many at once: several APIs of a small cloud have one worker. */
const AT_ONCE = 6;

const details: readonly Check[] = [
  ...versionChecks,
  ...identityChecks,
  ...machineChecks,
  ...networkChecks,
  ...balancerChecks,
  ...nameChecks,
  ...storageChecks,
  ...quotaChecks,
];

/** The whole checklist: each service, and below it what is asked of it. */
export const CHECKS: readonly Check[] = SERVICE_TYPES.flatMap((service) => [
  ...serviceChecks.filter((one) => one.service === service),
  ...details.filter((one) => one.service === service),
]);

/** One line of an examination. */
export type Line = Finding & Pick<Check, "id" | "service" | "title" | "why">;

export interface Examination {
  readonly tenant: string;
  readonly lines: readonly Line[];
}

/** The worst of an examination: what its verdict is about. */
export const levelOf = ({ lines }: Pick<Examination, "lines">): Level =>
  (["red", "amber"] as const).find((level) => lines.some((line) => line.level === level)) ?? "green";

type Kit = (typeof STARTER_KIT)[ServiceType];

const NEXT: Readonly<Partial<Record<Trouble, (kit: Kit) => string>>> = {
  retry: ({ name }) => `Ask the operator whether ${name} is up, and run the doctor again.`,
  conflict: ({ name }) => `Ask the operator whether ${name} is well, and run the doctor again.`,
  denied: ({ role = "member" }) =>
    "Correct the credentials in clouds.yaml, or give their user the role: " +
    `openstack role add --user USER --project PROJECT ${role}`,
  invalid: ({ name }) => `Show this to whoever runs kinvirt and to the operator of ${name}.`,
};

/** What a service's failure to answer comes to. */
function silence(error: unknown, about: ServiceType): Finding {
  if (!(error instanceof OpenStackError)) throw error;
  const { service, fault, requestId, trouble } = error.detail;
  const kit = STARTER_KIT[service === "kubernetes" ? about : service];
  const { name } = kit;
  const request = requestId === undefined ? "" : ` (OpenStack request ${requestId})`;
  const verb = trouble === "denied" ? "refuses us" : "does not answer";
  const next = NEXT[trouble]?.(kit) ?? `Ask the operator to look at ${name}.`;
  return red(`${name} ${verb}: ${fault.replace(/\.+$/, "")}${request}`, next);
}

async function lineOf({ read, judge, ...one }: Check, sight: Sight, about: About): Promise<Line> {
  const { id, service, title, why } = one;
  const finding = await read(sight).then(
    (seen) => judge(seen, about),
    (error: unknown) => silence(error, service),
  );
  return { id, service, title, why, ...finding };
}

/** In the order of `items`, a few at a time. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/**
 * Everything that Kubernetes expects of a cloud, looked at once: the services, then what is asked of those that answer. Leaves
 * the cloud as it was, but for a credential that lives while the access rules are tried.
 */
export async function examine(patient: Patient): Promise<Examination> {
  const { name, tenant, templates } = patient;
  const about: About = { name, tenant, templates };
  const sight = sightOf(patient);
  const services = await inTurn(serviceChecks, (one) => lineOf(one, sight, about));
  const silent = new Set(services.filter((line) => line.level === "red").map((line) => line.service));
  const dark = silent.has("identity");
  const rest = await inTurn(details, async (one): Promise<Line> => {
    const missing = dark ? "identity" : silent.has(one.service) ? one.service : undefined;
    if (missing === undefined) return lineOf(one, sight, about);
    const { id, service, title, why } = one;
    return { id, service, title, why, ...unknown(`not looked at, because of ${STARTER_KIT[missing].name}`) };
  });
  const all = [...services, ...rest];
  const lines = CHECKS.flatMap(({ id }) => all.filter((line) => line.id === id));
  // Where nobody logs in, each service says so: once is enough.
  const told = dark
    ? lines.map((line) =>
        line.service === "identity" || line.level !== "red"
          ? line
          : { ...line, ...unknown(`not looked at, because of ${STARTER_KIT.identity.name}`) },
      )
    : lines;
  return { tenant: name, lines: told };
}
