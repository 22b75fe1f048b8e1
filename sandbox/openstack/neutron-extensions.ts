import { rootOf, type World } from "./core.ts";
import { Fault, type Handle } from "./service.ts";

const EXTENSIONS = [
  "allowed-address-pairs",
  "dns-integration",
  "external-net",
  "filter-validation",
  "net-mtu",
  "pagination",
  "port-security",
  "project-id",
  "quotas",
  "quota_details",
  "router",
  "security-group",
  "sorting",
  "standard-attr-description",
  "standard-attr-revisions",
  "standard-attr-tag",
  "standard-attr-timestamp",
  "subnet_allocation",
  "trunk",
  "trunk-details",
];

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
