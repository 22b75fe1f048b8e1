import type { Network } from "../../openstack/network.ts";
import { overlaps } from "../planner.ts";
import { misfits } from "../ranges.ts";
import { amber, type Check, check, green, listOf, red, unused } from "./check.ts";

/** Extensions by which Neutron does what clusters are made of. */
const NEEDED: Readonly<Record<string, string>> = {
  router: "routers and floating IPs",
  "external-net": "external networks",
  "security-group": "security groups",
  "allowed-address-pairs": "addresses of pods and VIPs on nodes' ports",
  "standard-attr-description": "our mark on everything that we make",
  "standard-attr-tag": "tags, by which clusters' programs know what is theirs",
  quotas: "quotas",
  quota_details: "what is used of a quota",
};

const extensions = check<readonly string[]>({
  id: "network/extensions",
  service: "network",
  title: "Extensions",
  why: "Neutron does by extensions what clusters are made of: routers, security groups, marks and tags, quotas",
  how: "GET /v2.0/extensions",
  mend: "service_plugins and ML2's extension_drivers in neutron.conf",
  read: (sight) => sight.extensions(),
  judge(seen) {
    const absent = Object.entries(NEEDED).filter(([alias]) => !seen.includes(alias));
    if (absent.length === 0) return green(`all ${Object.keys(NEEDED).length} that are needed`);
    const words = absent.map(([alias, what]) => `"${alias}" (${what})`).join(", ");
    return red(`missing: ${words}`, "Ask the operator to add it to Neutron's service_plugins or extension_drivers.");
  },
});

const external = check<readonly Network[]>({
  id: "network/external",
  service: "network",
  title: "External network",
  why: "The API's address, Services' addresses and the nodes' way out come from it",
  how: "GET /v2.0/networks?router:external=true",
  mend: "externalNetwork in the configuration, or openstack network create --external by the operator",
  read: (sight) => sight.externals(),
  judge(seen, { tenant }) {
    const wanted = tenant.externalNetwork;
    const found = seen.filter((one) => one.name === wanted || one.id === wanted);
    const [first] = found;
    if (first === undefined)
      return red(
        `there is no external network "${wanted}"`,
        `Set externalNetwork to one of: ${listOf(seen.map((one) => one.name))}.`,
      );
    if (found.length > 1)
      return amber(`${found.length} are named "${wanted}"`, "Set externalNetwork to the id of the one that is meant.");
    if (first.status !== "ACTIVE")
      return amber(`"${first.name}" is ${first.status}`, "Ask the operator to look at this network.");
    return green(`"${first.name}" (${first.id})`);
  },
});

const trunks = check<readonly string[]>({
  id: "network/trunks",
  service: "network",
  title: "Trunk ports",
  why: "Kuryr gives pods ports of the cloud's own, on trunks of their nodes",
  how: 'the extension "trunk" in GET /v2.0/extensions',
  mend: '"trunk" among Neutron\'s service_plugins, or calico or cilium in the template',
  read: (sight) => sight.extensions(),
  judge(seen, { templates }) {
    if (seen.includes("trunk")) return green("there, for --cni kuryr");
    const users = Object.entries(templates).flatMap(([name, one]) => (one.cni === "kuryr" ? [name] : []));
    if (users.length === 0) return unused("not there, and no template has kuryr: --cni kuryr is refused");
    return red(
      `Neutron has no extension "trunk", which ${listOf(users)} needs for Kuryr`,
      "Choose calico or cilium in the template, or ask the operator to add trunk to Neutron's service_plugins.",
    );
  },
});

const ranges = check<undefined>({
  id: "network/ranges",
  service: "network",
  title: "Address ranges",
  why: "Nodes, pods and Services need ranges of their own, of sizes that kubeadm takes and that hold a template's machines",
  how: "the configuration's cidrs",
  mend: "cidrs in the configuration",
  read: async () => undefined,
  judge(_seen, { tenant: { cidrs }, templates }) {
    const found = overlaps(cidrs);
    if (found.length > 0) return red(found.join(" "), "Give each a range of its own below cidrs in the configuration.");
    const ill = Object.entries(templates).flatMap(([name, one]) =>
      misfits(cidrs, one).map((says) => `"${name}": ${says.replace(/\.$/, "")}`),
    );
    if (ill.length > 0) return red(ill.join("; "), "Choose other ranges below cidrs in the configuration.");
    return green(`nodes ${cidrs.nodes}, pods ${cidrs.pods}, Services ${cidrs.services}`);
  },
});

const provider = check<readonly string[]>({
  id: "load-balancer/provider",
  service: "load-balancer",
  title: "Load-balancer provider",
  why: "The API's load balancer and those of Services are made by this driver of Octavia's",
  how: "GET /v2/lbaas/providers",
  mend: "loadBalancerProvider in the configuration, or enabled_provider_drivers in octavia.conf",
  read: (sight) => sight.providers(),
  judge(seen, { tenant: { loadBalancerProvider: wanted } }) {
    if (seen.includes(wanted)) return green(`"${wanted}", of ${listOf(seen)}`);
    const known = seen.filter((one) => one === "ovn" || one === "amphora");
    const set = known.length === 0 ? "" : `Set loadBalancerProvider to ${known.join(" or ")}, or ask`;
    return red(
      `Octavia has no provider "${wanted}", only: ${listOf(seen)}`,
      `${set === "" ? "Ask" : set} the operator to enable ${wanted} in octavia.conf (enabled_provider_drivers).`,
    );
  },
});

export const networkChecks: readonly Check[] = [extensions, external, ranges, trunks];
export const balancerChecks: readonly Check[] = [provider];
