import type { Cloud } from "../../openstack/cloud.ts";
import { amber, type Check, check, green, listOf, red } from "./check.ts";

type Zone = Awaited<ReturnType<Cloud["dns"]["listZones"]>>[number];

const zone = check<{ readonly zones: readonly Zone[]; readonly projectId: string }>({
  id: "dns/zone",
  service: "dns",
  title: "DNS zone",
  why: "api.CLUSTER.ZONE and *.apps.CLUSTER.ZONE are made in it, and ExternalDNS writes there",
  how: "GET /v2/zones",
  mend: "openstack zone create --email you@example.org ZONE, or dnsZone in the configuration",
  async read(sight) {
    const [zones, { projectId }] = await Promise.all([sight.zones(), sight.scope()]);
    return { zones, projectId };
  },
  judge({ zones, projectId }, { tenant: { dnsZone: wanted } }) {
    const found = zones.find((one) => one.name === wanted);
    const create = `openstack zone create --email you@example.org ${wanted}`;
    if (found === undefined)
      return red(
        `this project sees no zone ${wanted}, only: ${listOf(zones.map((one) => one.name))}`,
        `Create it (${create}), have it shared with this project, or correct dnsZone.`,
      );
    if (found.type === "SECONDARY")
      return red(`${wanted} is a secondary zone: Designate only copies it`, "Set dnsZone to a primary zone.");
    if (found.status === "ERROR")
      return red(
        `${wanted} is in ERROR: Designate could not write it to its name servers`,
        "Ask the operator to look in the log of designate-worker.",
      );
    if (found.status !== "ACTIVE")
      return amber(`${wanted} is ${found.status}`, "Look again in a minute; if it stays so, ask the operator.");
    return green(`${wanted} is ACTIVE, ${found.project_id === projectId ? "of this project" : "shared with us"}`);
  },
});

const reverse = check<boolean>({
  id: "dns/reverse",
  service: "dns",
  title: "Reverse DNS",
  why: "The API's address says its name (PTR)",
  how: "GET /v2/reverse/floatingips",
  mend: "[network_api:neutron] and policy in designate.conf",
  read: ({ cloud }) => cloud.dns.supportsReverse(),
  judge: (supported) =>
    supported
      ? green("PTR records for floating IPs")
      : amber(
          "Designate keeps no PTR records for floating IPs: clusters come without them",
          "Ask the operator to set up [network_api:neutron] in designate.conf, or live without.",
        ),
});

const integration = check<readonly string[]>({
  id: "dns/integration",
  service: "network",
  title: "Neutron's DNS integration",
  why: "Nodes find each other's host names in Neutron's own DNS",
  how: 'the extension "dns-integration" in GET /v2.0/extensions',
  mend: "dns among ML2's extension_drivers",
  read: (sight) => sight.extensions(),
  judge: (seen) =>
    seen.includes("dns-integration")
      ? green("ports have names")
      : amber(
          "Neutron gives ports no names: nodes know each other by address alone",
          "Nothing has to be done: kubeadm uses addresses. The operator adds dns to ML2's extension_drivers.",
        ),
});

export const nameChecks: readonly Check[] = [zone, reverse, integration];
