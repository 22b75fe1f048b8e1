import { apiName } from "../../../shared/cluster/names.ts";
import type { ClusterRecord, StepStatus } from "../../../shared/cluster/record.ts";
import { dnsStatus } from "../../../shared/resources/dns-mark.ts";
import { differences } from "../../../shared/resources/security-group.ts";
import { controlPlaneRules, workerRules } from "../../../shared/resources/security-rules.ts";
import type { Finding } from "./finding.ts";
import type { Item, Listing, Look } from "./look.ts";

/** One step of a record, and the cloud that it is compared with. */
export interface Case {
  readonly record: ClusterRecord;
  readonly step: string;
  readonly status: StepStatus;
  readonly look: Look;
}

/** What is left out is derived: no facts, nothing that kinvirt mends, the symptom as the cause. */
export type Wrong = Pick<Finding, "symptom"> & Partial<Finding>;

const factOf = ({ record }: Case, step: string, fact: string): string | undefined =>
  record.status.steps[step]?.facts[fact];

/** People's data, keys, and etcd: what is made in their place is empty. */
export const isIrreplaceable = (step: string): boolean =>
  /^(share\/|server\/control-plane-)/.test(step) || ["secret/pki", "key/kms"].includes(step);

/** A server that is being built, moved or restarted comes back by itself, or is in ERROR in the end. */
const DOWN = new Set(["SHUTOFF", "PAUSED", "SUSPENDED", "STOPPED", "SHELVED", "SHELVED_OFFLOADED", "RESCUE"]);

type Checks = { readonly [L in Listing]?: (item: Item<L>, at: Case) => Wrong | undefined };

/** Each is told of what is there under the id that the record has; what it answers undefined of is well. */
export const CHECKS: Checks = {
  server(item) {
    if (item.status === "ERROR")
      return { symptom: "error", facts: { id: item.id, fault: item.fault?.message ?? "Nova gives no reason" } };
    return DOWN.has(item.status)
      ? { symptom: "stopped", soft: true, facts: { id: item.id, state: item.status } }
      : undefined;
  },
  router(item, { record }) {
    if (item.status === "ERROR") return { symptom: "error", facts: { id: item.id, fault: "Neutron gives no reason" } };
    const wanted = record.resolved?.externalNetwork;
    const found = item.external_gateway_info?.network_id ?? "";
    if (found === (wanted?.id ?? "")) return undefined;
    return { symptom: "elsewhere", mends: true, facts: { wanted: wanted?.name ?? "", found } };
  },
  "floating-ip"(item, at) {
    if (at.step !== "floating-ip/api") return undefined;
    const port = factOf(at, "load-balancer/api", "vipPortId");
    if (port === undefined || item.port_id === port) return undefined;
    return {
      symptom: "elsewhere",
      mends: true,
      facts: { found: item.fixed_ip_address ?? "", id: item.id, address: item.floating_ip_address },
    };
  },
  "security-group"(item, { record, step }) {
    const { spec, resolved } = record;
    const rules = { "security-group/control-plane": controlPlaneRules, "security-group/worker": workerRules }[step];
    if (rules === undefined || resolved === undefined) return undefined;
    const { cidrs, loadBalancerProvider: provider } = resolved;
    const wanted = rules({ nodeCidr: cidrs.nodes, podCidr: cidrs.pods, cni: spec.cni, provider });
    const { lacking, unwanted } = differences({ rules: wanted }, { id: item.id, rules: item.security_group_rules });
    if (lacking.length + unwanted.length === 0) return undefined;
    const facts = {
      lacking: lacking.map(({ description }) => description).join(", "),
      unwanted: unwanted.length === 0 ? "" : String(unwanted.length),
    };
    return { symptom: "rules", mends: true, facts };
  },
  "load-balancer"(item) {
    const { id, provider, provisioning_status: state, admin_state_up: up } = item;
    if (state === "ERROR")
      return {
        symptom: "error",
        facts: { id, provider: provider ?? "", fault: "Octavia gives no reason" },
        cause: `load-balancer error ${provider}`,
      };
    return up === false ? { symptom: "off", facts: { id, what: "the whole load balancer" } } : undefined;
  },
  recordset(item, at) {
    const wanted = factOf(at, at.step.replace(/^dns/, "floating-ip"), "address");
    const facts = { fqdn: item.name, wanted: wanted ?? "", found: item.records.join(", ") };
    if (wanted !== undefined && facts.found !== wanted) return { symptom: "elsewhere", mends: true, facts };
    return dnsStatus(item) === "failed"
      ? { symptom: "error", facts: { ...facts, fault: "Designate gives no reason" } }
      : undefined;
  },
  ptr(item, { record }) {
    const wanted = apiName(record.spec, record.resolved?.zone.name ?? "");
    if (item.ptrdname === wanted) return undefined;
    const facts = { fqdn: item.address, wanted, found: item.ptrdname ?? "" };
    return { symptom: item.ptrdname === null ? "gone" : "elsewhere", mends: true, facts };
  },
  share: (item) =>
    /error/.test(item.status)
      ? { symptom: "error", facts: { id: item.id, fault: `Manila says ${item.status}` } }
      : undefined,
};
