import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { type Next, nextAbout } from "../../views/on-call/buttons.ts";
import { dnsFindings } from "../../views/on-call/dns-findings.ts";
import type { Finding } from "../../views/on-call/finding.ts";
import { keyFindings } from "../../views/on-call/kms.ts";
import { lbFindings } from "../../views/on-call/lb-findings.ts";
import { nodeFindings } from "../../views/on-call/nodes.ts";
import { storageFindings } from "../../views/on-call/storage.ts";
import { type Area, verdictMessage } from "../../views/on-call/verdict.ts";
import { quote } from "../../views/text.ts";
import { cloudRefusal } from "../cloud-refusal.ts";
import { namesOf } from "./dns.ts";
import { keysOf } from "./kms.ts";
import { lbsOf } from "./lb.ts";
import { nodesOf } from "./nodes.ts";
import { type Answer, alone, mending } from "./question.ts";
import { storageOf } from "./storage.ts";

type Look = (record: ClusterRecord, deps: Deps) => Promise<readonly Finding[]>;

/** In the order in which they hurt. */
const AREAS: readonly { readonly name: string; readonly what: Next["asked"]["what"]; readonly look: Look }[] = [
  { name: "Nodes", what: "nodes", look: async (record, deps) => nodeFindings(await nodesOf(record, deps)) },
  { name: "Load balancers", what: "lb", look: async (record, deps) => lbFindings(await lbsOf(record, deps)) },
  { name: "Storage", what: "storage", look: async (record, deps) => storageFindings(await storageOf(record, deps)) },
  { name: "Keys and logins", what: "kms", look: async (record, deps) => keyFindings(await keysOf(record, deps)) },
  { name: "DNS names", what: "dns", look: async (record, deps) => dnsFindings(await namesOf(record, deps)) },
];

/** A service that does not answer is told beside those that do. */
async function looked(area: (typeof AREAS)[number], record: ClusterRecord, deps: Deps): Promise<Area> {
  const { name, what } = area;
  try {
    return { name, what, findings: await area.look(record, deps) };
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    return { name, what, findings: [{ grade: "bad", of: name, says: quote(cloudRefusal(error), 500) }] };
  }
}

/** All that can be asked about one cluster, summed up. */
export const status: Answer = alone(async (record, deps) => {
  const areas = await Promise.all(AREAS.map((area) => looked(area, record, deps)));
  const found = areas.flatMap(({ findings }) => findings);
  const next = nextAbout(record, ...AREAS.map(({ what }) => what), "events");
  return { ...verdictMessage(record, areas, deps.clock.nowMs()), next, ...mending(record, found) };
});
