import { OpenStackError, type ServiceType } from "../../openstack/errors.ts";
import { compareVersions } from "../../openstack/versions.ts";
import { type About, amber, type Check, check, type Finding, green, red, unused } from "./check.ts";
import type { Plain, Sight } from "./sight.ts";

interface Needed {
  readonly name: string;
  readonly why: string;
  /** The oldest version that has all we call, and what that is for. */
  readonly least?: { readonly version: string; readonly for: string };
  /** The role without which it refuses us. */
  readonly role?: string;
  /** A call as ourselves, so that a service that answers is one that takes our login. */
  readonly call: string;
  touch(sight: Plain): Promise<unknown>;
  /** Whether this tenant's configuration needs it; needed by all clusters unless told. */
  readonly optional?: { needed(about: About): boolean; readonly without: string; readonly setting: string };
}

const usesVolumes = ({ templates }: About): boolean => Object.values(templates).some((one) => one.rwo === true);

/** The starter kit "kubernetes-in-virt": what a cloud is made of for Kubernetes in virtual machines. */
export const STARTER_KIT: Readonly<Record<ServiceType, Needed>> = {
  identity: {
    name: "Keystone",
    why: "logs us in, and makes the restricted logins of each cluster's programs",
    least: { version: "3.13", for: "access rules" },
    call: "POST /v3/auth/tokens",
    touch: (sight) => sight.scope(),
  },
  compute: {
    name: "Nova",
    why: "runs control planes and workers",
    least: { version: "2.64", for: "server groups by policy, and tags on servers" },
    call: "GET /v2.1/os-availability-zone",
    touch: (sight) => sight.availabilityZones(),
  },
  image: {
    name: "Glance",
    why: "holds the image that nodes boot from",
    call: "GET /v2/images?name=",
    touch: (sight) => Promise.all(Object.values(sight.templates).map((one) => sight.image(one.image).catch(ambiguous))),
  },
  network: {
    name: "Neutron",
    why: "connects nodes with each other and with the world",
    call: "GET /v2.0/networks?router:external=true",
    touch: (sight) => sight.externals(),
  },
  "load-balancer": {
    name: "Octavia",
    why: "stands in front of the API, of Services of type LoadBalancer and of Ingresses",
    least: { version: "2.5", for: "tags on load balancers" },
    role: "load-balancer_member",
    call: "GET /v2/lbaas/loadbalancers",
    touch: async ({ cloud, scope }) =>
      cloud.loadBalancer.listLoadBalancers({ project_id: (await scope()).projectId, description: "kinvirt-doctor" }),
  },
  dns: {
    name: "Designate",
    why: "names the API and all that ExternalDNS is asked for",
    call: "GET /v2/zones",
    touch: (sight) => sight.zones(),
  },
  "key-manager": {
    name: "Barbican",
    why: "keeps the cluster's authorities, and the key that Secrets are encrypted with",
    role: "creator",
    call: "GET /v1/secrets?name=",
    touch: ({ cloud }) => cloud.keyManager.listSecrets({ name: "kinvirt-doctor" }),
  },
  "shared-file-system": {
    name: "Manila",
    why: "gives volumes that many nodes write at once (ReadWriteMany)",
    least: { version: "2.45", for: "access rules with metadata" },
    call: "GET /v2/types",
    touch: (sight) => sight.shareTypes(),
    optional: {
      needed: ({ tenant }) => tenant.shareType !== undefined,
      without: "--rwx is refused",
      setting: "shareType",
    },
  },
  "block-storage": {
    name: "Cinder",
    why: "gives volumes for one node at a time (ReadWriteOnce)",
    call: "GET /v3/volumes/detail?metadata=",
    touch: ({ cloud }) => cloud.blockStorage.listVolumes({ "kinvirt-doctor": "none" }),
    optional: { needed: usesVolumes, without: "--rwo is refused", setting: "rwo" },
  },
};

export const SERVICE_TYPES = Object.keys(STARTER_KIT) as readonly ServiceType[];

/** Two images of one name are the images' own trouble: Glance has answered. */
function ambiguous(error: unknown): undefined {
  if (error instanceof OpenStackError && error.trouble === "ambiguous") return undefined;
  throw error;
}

type Seen = { readonly offered: false } | { readonly offered: true; readonly version: string | undefined };

async function look(service: ServiceType, sight: Sight): Promise<Seen> {
  if (!(await sight.services()).includes(service)) return { offered: false };
  const [version] = await Promise.all([sight.version(service), sight.touch(service)]);
  return { offered: true, version };
}

function judge(service: ServiceType, seen: Seen, about: About): Finding {
  const { name, optional } = STARTER_KIT[service];
  if (seen.offered) return green(seen.version === undefined ? "answers, and says no version" : `API ${seen.version}`);
  const absent = `the catalog has no ${service} service in our region and interface`;
  if (optional?.needed(about) === false) return unused(`${absent}: ${optional.without}`);
  const add = `Ask the cloud's operator for ${name}, or correct region_name and interface in clouds.yaml`;
  const leave = optional === undefined ? "" : `; or take ${optional.setting} out of the configuration`;
  return red(absent, `${add}${leave}.`);
}

/** Does it answer, and take our login? While it does not, nothing else is asked of it. */
export const serviceChecks: readonly Check[] = SERVICE_TYPES.map((service) => {
  const { name, why, call } = STARTER_KIT[service];
  return check<Seen>({
    id: service,
    service,
    title: name,
    why: `${name} ${why}`,
    how: `the catalog, the version document, ${call}`,
    mend: `bring ${name} up, and have it in the catalog`,
    read: (sight) => look(service, sight),
    judge: (seen, about) => judge(service, seen, about),
  });
});

export const versionChecks: readonly Check[] = SERVICE_TYPES.flatMap((service) => {
  const { name, least } = STARTER_KIT[service];
  if (least === undefined) return [];
  return check<Seen>({
    id: `${service}/version`,
    service,
    title: `${name}'s version`,
    why: `${name} has ${least.for} since ${least.version}`,
    how: "the version document",
    mend: `a newer ${name}`,
    read: async (sight) =>
      (await sight.services()).includes(service)
        ? { offered: true, version: await sight.version(service) }
        : { offered: false },
    judge(seen) {
      if (!seen.offered) return unused(`there is no ${name}`);
      const { version } = seen;
      // Behind some proxies the version document is nobody's.
      if (version === undefined)
        return amber(
          `unknown, and ${least.version} is needed for ${least.for}`,
          `Ask the operator to let ${name}'s version document through, and for the version meanwhile.`,
        );
      if (compareVersions(version, least.version) >= 0) return green(`${version}; ${least.version} is needed`);
      return red(
        `${version} is older than ${least.version}, which has ${least.for}`,
        `Ask the cloud's operator for a newer ${name}.`,
      );
    },
  });
});
