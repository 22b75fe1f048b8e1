import { withCa } from "./cloud-conf.ts";
import { image } from "./images.ts";
import { clusterAccess, rule, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput } from "./types.ts";
import {
  addon,
  deployment,
  httpProbe,
  mount,
  OURS,
  RESTRICTED,
  resources,
  secret,
  secretVolume,
  TOLERATE_CONTROL_PLANE,
} from "./workload.ts";

const HOLDER = { namespace: OURS, account: "external-dns" };
const SECRET = "external-dns-openstack";
const CLOUDS_DIRECTORY = "/etc/openstack";
const PROBE = { initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 5 };

/** The webhook takes clouds.yaml and nothing else (README of inovex/external-dns-openstack-webhook). JSON is YAML. */
const clouds = (input: AddonInput) => ({
  clouds: {
    openstack: {
      auth_type: "v3applicationcredential",
      auth: {
        auth_url: input.authUrl,
        application_credential_id: input.controllers.id,
        application_credential_secret: input.controllers.secret,
      },
      region_name: input.region,
      interface: "public",
      ...(input.caCertificate === undefined ? {} : { cacert: `${CLOUDS_DIRECTORY}/ca.crt` }),
    },
  },
});

/**
 * kubernetes-sigs/external-dns docs/flags.md. The webhook writes no AAAA. A wildcard's ownership record would be named
 * `a-*`, which Designate refuses, hence the replacement. The owner and the prefix must never change: they are how the
 * cluster's records are found when it goes. The annotations are those that people's manifests have; from v0.22 on others
 * are the default, and these would be overlooked.
 */
const args = (input: AddonInput): string[] => [
  "--source=service",
  "--source=ingress",
  "--annotation-prefix=external-dns.alpha.kubernetes.io/",
  `--domain-filter=${input.appsDomain.replace(/\.$/, "")}`,
  "--provider=webhook",
  "--webhook-provider-url=http://localhost:8888",
  "--policy=sync",
  "--registry=txt",
  `--txt-owner-id=${input.clusterId}`,
  "--txt-wildcard-replacement=any",
  "--managed-record-types=A",
  "--managed-record-types=CNAME",
  "--interval=1m",
  "--log-format=json",
];

/** charts/external-dns/templates/clusterrole.yaml for the sources `service` and `ingress`. */
const rules = [
  rule("list watch", "nodes"),
  rule("get list watch", "pods services endpoints"),
  rule("get list watch", "endpointslices", "discovery.k8s.io"),
  rule("get list watch", "ingresses", "networking.k8s.io"),
];

export function externalDns(input: AddonInput): Addon {
  const config = secret(OURS, SECRET, withCa(input, { "clouds.yaml": JSON.stringify(clouds(input)) }));
  return addon("external-dns", [
    config,
    serviceAccount(HOLDER),
    ...clusterAccess(HOLDER, rules, "kinvirt:external-dns"),
    deployment({
      namespace: OURS,
      name: HOLDER.account,
      config: [config],
      pod: {
        serviceAccountName: HOLDER.account,
        priorityClassName: "system-cluster-critical",
        tolerations: TOLERATE_CONTROL_PLANE,
        securityContext: { runAsUser: 65_532, runAsGroup: 65_532, fsGroup: 65_532 },
        containers: [
          {
            name: "external-dns",
            image: image(input, "external-dns"),
            args: args(input),
            resources: resources("10m", "64Mi", "256Mi"),
            securityContext: RESTRICTED,
            livenessProbe: httpProbe("/healthz", 7979, PROBE),
            readinessProbe: httpProbe("/healthz", 7979, PROBE),
          },
          {
            name: "designate",
            image: image(input, "designate-webhook"),
            args: [`--domain-filter=${input.zone.replace(/\.$/, "")}`],
            env: [{ name: "OS_CLOUD", value: "openstack" }],
            resources: resources("10m", "32Mi", "128Mi"),
            securityContext: RESTRICTED,
            livenessProbe: httpProbe("/healthz", 8080, PROBE),
            readinessProbe: httpProbe("/healthz", 8080, PROBE),
            volumeMounts: [mount(SECRET, CLOUDS_DIRECTORY, { readOnly: true })],
          },
        ],
        volumes: [secretVolume(SECRET)],
      },
    }),
  ]);
}
