import { assert } from "../assert.ts";
import type { AccessRule } from "../openstack/identity.ts";

/** URL path prefix of each service's versioned root by service type, as `Cloud.catalog` gives it: `/networking/v2.0`. */
export type Prefixes = Readonly<Record<string, string>>;

/** Keystone's column is shorter than its schema (225). Source: keystone, common/sql/migrations, access_rule.path. */
const PATH_LENGTH_MAX = 128;

type Lines = Readonly<Record<string, readonly string[]>>;

/** `/networking/v2.0` -> `/networking`. Clients look for versions there, and some know the version's name themselves. */
const baseOf = (prefix: string): string => prefix.replace(/\/v\d+(\.\d+)?(\/.*)?$/, "");

function prefixOf(prefixes: Prefixes, service: string): string {
  const prefix = prefixes[service];
  assert(prefix !== undefined, `access rules need the prefix of ${service}`);
  return prefix;
}

/** `{ GET: ["/ports"] }` below `root` as rules. */
function rules(service: string, root: string, lines: Lines): AccessRule[] {
  const made = Object.entries(lines).flatMap(([method, paths]) =>
    paths.map((path) => ({ service, method, path: `${root}${path}` })),
  );
  for (const { path } of made) assert(path.length <= PATH_LENGTH_MAX, `access rule path too long: ${path}`);
  return made;
}

/**
 * All that the KMS plugin calls: it looks for Barbican's versions, and reads one key. The cluster's authorities lie there too.
 * Source: kubernetes/cloud-provider-openstack pkg/kms/barbican/barbican.go.
 */
export const kmsRules = (prefixes: Prefixes, keyId: string): readonly AccessRule[] => [
  ...rules("key-manager", baseOf(prefixOf(prefixes, "key-manager")), { GET: ["/"] }),
  ...payloadRules(prefixes, keyId),
];

/**
 * All that the cloud controller manager, ExternalDNS and (`ingress`) the ingress controller of one cluster call, and nothing
 * else: recorded traffic of cloud-provider-openstack 1.36. They read no payload of any secret in Barbican. Gophercloud puts
 * `/v2.0` behind Octavia's unversioned address whatever the catalog says.
 * Source for DNS: inovex/external-dns-openstack-webhook, internal/designate/client.
 */
export function controllersRules(
  prefixes: Prefixes,
  options: { readonly ingress?: boolean; readonly kuryr?: boolean } = {},
): readonly AccessRule[] {
  const network = prefixOf(prefixes, "network");
  const loadBalancer = baseOf(prefixOf(prefixes, "load-balancer"));
  const keyManager = prefixOf(prefixes, "key-manager");
  const lbaas = ["/v2.0/lbaas/**"];
  return [
    ...rules("network", baseOf(network), { GET: ["/"] }),
    ...rules("network", network, {
      GET: ["/extensions", "/ports", "/networks", "/networks/*", "/subnets", "/subnets/*", "/floatingips"],
    }),
    ...rules("network", network, {
      GET: ["/security-groups", "/security-group-rules", "/routers/*"],
      POST: ["/floatingips", "/security-groups", "/security-group-rules"],
      PUT: ["/ports/*", "/floatingips/*"],
      DELETE: ["/floatingips/*", "/security-groups/*", "/security-group-rules/*"],
    }),
    ...rules("compute", prefixOf(prefixes, "compute"), { GET: ["/servers/detail", "/servers/*", "/flavors/*"] }),
    ...rules("load-balancer", loadBalancer, { GET: ["/", ...lbaas], POST: lbaas, PUT: lbaas, DELETE: lbaas }),
    ...rules("key-manager", baseOf(keyManager), { GET: ["/"] }),
    ...dnsRules(prefixOf(prefixes, "dns")),
    ...(options.ingress === true ? ingressRules(network, keyManager) : []),
    ...(options.kuryr === true ? kuryrRules(network, loadBalancer) : []),
  ];
}

const dnsRules = (dns: string): readonly AccessRule[] =>
  rules("dns", dns, {
    GET: ["/zones", "/zones/*", "/zones/*/recordsets", "/zones/*/recordsets/*"],
    POST: ["/zones/*/recordsets"],
    PUT: ["/zones/*/recordsets/*"],
    DELETE: ["/zones/*/recordsets/*"],
  });

/**
 * Certificates of Ingresses are put into Barbican, found by listing, and never read from there by the controller. A GET of one
 * secret is no harmless one: Barbican answers the payload to whoever accepts something else than JSON, and the authorities of
 * all clusters lie there. Source: barbican, api/controllers/secrets.py; cloud-provider-openstack, pkg/util/openstack.
 */
const ingressRules = (network: string, keyManager: string): readonly AccessRule[] => [
  ...rules("network", network, { PUT: ["/security-groups/*/tags", "/security-groups/*/tags/*"] }),
  ...rules("key-manager", keyManager, { GET: ["/secrets"], POST: ["/secrets"], DELETE: ["/secrets/*"] }),
];

/**
 * What Kuryr's controller calls beside those: ports by the bulk, onto trunks and off them, with tags on all that it makes.
 * Releases of openstacksdk differ in where they find Octavia: its version document says `/v2`, others know `/v2.0`.
 * Source: openstack/kuryr-kubernetes kuryr_kubernetes/controller/drivers (nested_vlan_vif.py, vif_pool.py, utils.py,
 * lbaasv2.py) and openstacksdk openstack/network/v2 (trunk.py, _base.py).
 */
function kuryrRules(network: string, loadBalancer: string): readonly AccessRule[] {
  const lbaas = ["/v2/lbaas/**"];
  return [
    ...rules("network", network, {
      GET: ["/extensions/*", "/ports/*", "/trunks", "/trunks/*", "/security-groups/*", "/floatingips/*"],
      POST: ["/ports"],
      PUT: ["/trunks/*/add_subports", "/trunks/*/remove_subports"],
      DELETE: ["/ports/*"],
    }),
    ...rules("network", network, { PUT: ["/ports/*/tags", "/security-groups/*/tags", "/floatingips/*/tags"] }),
    ...rules("load-balancer", loadBalancer, { GET: lbaas, POST: lbaas, PUT: lbaas, DELETE: lbaas }),
  ];
}

/** All that a node may call while it boots: its own payload. */
export const payloadRules = (prefixes: Prefixes, secretId: string): readonly AccessRule[] =>
  rules("key-manager", prefixOf(prefixes, "key-manager"), { GET: [`/secrets/${secretId}/payload`] });

/**
 * All that the Manila CSI plugin calls. `shareServiceType` is the catalog type that Manila's middleware is configured with.
 * Source: cloud-provider-openstack, pkg/csi/manila (manilaclient, shareadapters).
 */
export function storageRules(prefixes: Prefixes, shareServiceType: string): readonly AccessRule[] {
  const prefix = prefixOf(prefixes, "shared-file-system");
  return [
    ...rules(shareServiceType, baseOf(prefix), { GET: ["/", "/v2/"] }),
    ...rules(shareServiceType, prefix, {
      GET: ["/shares", "/shares/detail", "/shares/*", "/shares/*/export_locations", "/share-access-rules"],
      POST: ["/shares", "/shares/*/action", "/shares/*/metadata", "/snapshots"],
      DELETE: ["/shares/*", "/snapshots/*"],
    }),
    ...rules(shareServiceType, prefix, {
      GET: ["/types", "/types/*/extra_specs", "/snapshots", "/snapshots/detail", "/snapshots/*", "/messages"],
    }),
  ];
}

/**
 * All that the Cinder CSI plugin's controller calls; its nodes call nothing. `type` is the catalog type that Cinder's
 * middleware is configured with. Kinvirt installs no snapshotter; one that people add works.
 * Source: kubernetes/cloud-provider-openstack, pkg/csi/cinder/openstack (openstack_volumes.go, openstack_snapshots.go,
 * openstack_instances.go): gophercloud's blockstorage/v3 and compute/v2/volumeattach.
 */
export function volumeRules(prefixes: Prefixes, type: string): readonly AccessRule[] {
  const prefix = prefixOf(prefixes, "block-storage");
  return [
    ...rules(type, baseOf(prefix), { GET: ["/"] }),
    ...rules(type, prefix, {
      GET: ["/volumes/detail", "/volumes/*", "/snapshots", "/snapshots/detail", "/snapshots/*"],
      POST: ["/volumes", "/volumes/*/action", "/snapshots"],
      DELETE: ["/volumes/*", "/snapshots/*"],
    }),
    ...rules("compute", prefixOf(prefixes, "compute"), {
      GET: ["/servers/*"],
      POST: ["/servers/*/os-volume_attachments"],
      DELETE: ["/servers/*/os-volume_attachments/*"],
    }),
  ];
}
