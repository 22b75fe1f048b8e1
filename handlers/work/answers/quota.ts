import { type QuotaService, quotaReaders } from "../../../shared/cluster/quotas.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import {
  type Amounts,
  amountsOf,
  keyOf,
  roomFor,
  stillToCome,
  sumOf,
  templateSpec,
} from "../../../shared/cluster/room.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import type { Flavor } from "../../../shared/openstack/compute.ts";
import type { Quota } from "../../../shared/openstack/endpoint.ts";
import { OpenStackError, type ServiceType } from "../../../shared/openstack/errors.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { requests } from "../../../shared/state/index.ts";
import { settingsOf } from "../../people.ts";
import { type Promised, quotaMessage, type Silent } from "../../views/quota-room.ts";
import type { Answer } from "./question.ts";

type Read = (readonly [ServiceType, readonly Quota[] | string])[];

/** What each service says, or why it says nothing. */
async function readQuotas(cloud: Cloud, zoneName: string, offered: readonly ServiceType[]): Promise<Read> {
  const readers = quotaReaders(cloud, async () => (await cloud.dns.listZones({ name: zoneName }))[0]?.id);
  const asked = Object.entries(readers).map(([service, read]) => ({ service: service as QuotaService, read }));
  const there = asked.filter(({ service }) => offered.includes(service));
  return Promise.all(there.map(async ({ service, read }) => [service, await answerOf(read)] as const));
}

async function answerOf(read: () => Promise<readonly Quota[]>): Promise<readonly Quota[] | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof OpenStackError) return error.detail.fault;
    throw error;
  }
}

interface Ground {
  readonly tenant: ReturnType<typeof settingsOf>;
  readonly flavors: readonly Flavor[];
  readonly services: readonly ServiceType[];
}

/** What a cluster that is asked for or under way will take beside what it has; undefined: nothing more. */
async function promiseOf(deps: Deps, record: ClusterRecord, ground: Ground): Promise<Promised | undefined> {
  const { wish, status, spec } = record;
  // New logins take what the old ones give back.
  if (wish === "absent" || status.phase === "ready" || status.doing === "renew") return undefined;
  const name = spec.name;
  if (status.phase !== "requested") return { name, is: "under way", amounts: stillToCome(record) };
  const request = await requests(deps.store).get(record.request);
  const waits = request?.state === "planning" || request?.state === "waiting";
  if (!waits && request?.state !== "approved") return undefined;
  const planned = request.plan?.quota.map((line): readonly [string, number] => [keyOf(line), line.needs]);
  const amounts = planned === undefined ? amountsOf(spec, ground) : new Map(planned);
  return { name, is: waits ? "waiting" : "under way", amounts };
}

export const quota: Answer = async ({ tenant: name, records }, _question, deps) => {
  const cloud = deps.cloudOf(name);
  const tenant = settingsOf(deps.config, name);
  const services = await cloud.services();
  const [read, flavors] = await Promise.all([
    readQuotas(cloud, tenant.dnsZone, services),
    cloud.compute.listFlavors().catch((error: unknown): readonly Flavor[] => {
      // Nova's quota says the same of it.
      if (error instanceof OpenStackError) return [];
      throw error;
    }),
  ]);
  const quotas = read.flatMap(([, said]) => (typeof said === "string" ? [] : said.filter((one) => one.each !== true)));
  const silent = read.flatMap(([service, said]): Silent[] =>
    typeof said === "string" ? [{ service, fault: said }] : [],
  );
  const ground = { tenant, flavors, services };
  const promised = (await Promise.all(records.map((record) => promiseOf(deps, record, ground)))).filter(
    (one) => one !== undefined,
  );
  const reserved = sumOf(promised.map((one): Amounts => one.amounts));
  const known = new Set(flavors.flatMap((one) => [one.name, one.id]));
  const templates = Object.entries(deps.config.templates).map(([template, of]) => {
    const needs = amountsOf(templateSpec(template, of), ground);
    const wanted = [of.controlPlane.flavor, ...(of.workers.count === 0 ? [] : [of.workers.flavor])];
    const missing = flavors.length === 0 ? [] : wanted.filter((one) => !known.has(one));
    return { name: template, needs, missing, room: roomFor(needs, quotas, reserved) };
  });
  const limit = { clusters: records.length, most: tenant.limits.clusters };
  return quotaMessage({ tenant: name, quotas, reserved, templates, promised, silent, limit });
};
