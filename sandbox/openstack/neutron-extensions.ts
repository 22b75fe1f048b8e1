import { rootOf, type World } from "./core.ts";
import { Fault, type Handle } from "./service.ts";

/** Those of ML2 with OVN and of the service plugins that the lab has, as their sources name them. */
const EXTENSIONS = [
  "address-group address-scope agent allowed-address-pairs auto-allocated-topology availability_zone binding",
  "binding-extended default-subnetpools dhcp_agent_scheduler dns-domain-ports dns-integration",
  "dns-integration-domain-keywords empty-string-filtering expose-port-forwarding-in-fip ext-gw-mode",
  "external-gateway-multihoming external-net extra_dhcp_opt extraroute filter-validation fip-port-details flavors",
  "floating-ip-port-forwarding floatingip-pools ip_allocation l2_adjacency l3-flavors l3-ha multi-provider net-mtu",
  "net-mtu-writable network-ip-availability network_availability_zone pagination port-mac-address-regenerate",
  "port-security project-id provider qos qos-fip quota-check-limit quotas quota_details rbac-policies",
  "rbac-security-groups revision-if-match router router_availability_zone security-group",
  "security-groups-default-rules security-groups-normalized-cidr security-groups-remote-address-group",
  "security-groups-rules-belongs-to-default-sg security-groups-shared-filtering segment sorting standard-attr-description",
  "standard-attr-revisions standard-attr-segment standard-attr-tag standard-attr-timestamp stateful-security-group",
  "subnet-dns-publish-fixed-ip subnet-external-network subnet-service-types subnet_allocation subnetpool-prefix-ops",
  "trunk trunk-details uplink-status-propagation",
].flatMap((line) => line.split(" "));

export const has = (world: World, extension: "trunk" | "quota_details"): boolean =>
  !world.options.without.includes(extension);

/** What Neutron says of itself. */
export function about(world: World): Readonly<Record<string, Handle>> {
  const without: readonly string[] = world.options.without;
  const extensions = EXTENSIONS.filter((alias) => !without.includes(alias.replace("-details", ""))).map((alias) => ({
    alias,
    name: alias,
    description: "",
    updated: "",
    links: [],
  }));
  return {
    "GET /": (request) => {
      const links = [{ rel: "self", href: `${rootOf(request, "network")}/v2.0/` }];
      return { status: 200, body: { versions: [{ id: "v2.0", status: "CURRENT", links }] } };
    },
    "GET /v2.0": (request) => ({
      status: 200,
      body: {
        resources: ["network", "subnet", "port"].map((name) => ({
          name,
          collection: `${name}s`,
          links: [{ rel: "self", href: `${rootOf(request, "network")}/v2.0/${name}s` }],
        })),
      },
    }),
    "GET /v2.0/extensions": () => ({ status: 200, body: { extensions } }),
    "GET /v2.0/extensions/:alias": (_request, { alias = "" }) => {
      const extension = extensions.find((one) => one.alias === alias);
      if (extension === undefined)
        throw new Fault(404, `Extension with alias ${alias} does not exist`, "ExtensionNotFound");
      return { status: 200, body: { extension } };
    },
  };
}
