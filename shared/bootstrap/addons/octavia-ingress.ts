import { CLOUD_CONF_DIRECTORY, globalSection, withCa } from "./cloud-conf.ts";
import { image } from "./images.ts";
import { clusterAccess, rule, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput } from "./types.ts";
import {
  addon,
  deployment,
  mount,
  OURS,
  RESTRICTED,
  resources,
  secret,
  secretVolume,
  TOLERATE_CONTROL_PLANE,
} from "./workload.ts";

const HOLDER = { namespace: OURS, account: "octavia-ingress-controller" };
const USER = 65_532;

/** Why a cluster has no Octavia ingress controller, or undefined where it has one. */
export function ingressRefusal(of: Pick<AddonInput, "loadBalancerProvider" | "cni">): string | undefined {
  if (of.loadBalancerProvider !== "amphora") {
    return (
      "Octavia's OVN provider balances TCP and UDP only; the Octavia ingress controller needs HTTP listeners and layer 7 " +
      "policies, which only the amphora provider has"
    );
  }
  return of.cni === "kuryr"
    ? "the Octavia ingress controller sends to NodePorts, which no kube-proxy opens beside Kuryr"
    : undefined;
}

/**
 * Source: kubernetes/cloud-provider-openstack pkg/ingress/config/config.go; `openstack` has the keys of cloud.conf's
 * section Global. Upstream's example puts it into a ConfigMap, password and all.
 */
const configuration = (input: AddonInput) => ({
  "cluster-name": input.clusterId,
  openstack: globalSection(input, input.controllers),
  octavia: {
    provider: input.loadBalancerProvider,
    "subnet-id": input.subnetId,
    "floating-network-id": input.externalNetworkId,
    "manage-security-groups": false,
  },
});

/**
 * Upstream's documentation makes it cluster-admin "for testing purpose"; these are the calls in
 * pkg/ingress/controller/controller.go. It serves Ingresses with the annotation `kubernetes.io/ingress.class: openstack`
 * and knows no IngressClass.
 */
const rules = [
  rule("list watch", "nodes services"),
  rule("get list watch", "ingresses", "networking.k8s.io"),
  rule("update", "ingresses/status", "networking.k8s.io"),
  rule("get", "secrets"),
  rule("create patch", "events"),
];

export function octaviaIngress(input: AddonInput): Addon {
  const config = secret(OURS, HOLDER.account, withCa(input, { "config.yaml": JSON.stringify(configuration(input)) }));
  return addon("octavia-ingress-controller", [
    config,
    serviceAccount(HOLDER),
    ...clusterAccess(HOLDER, rules, "kinvirt:octavia-ingress-controller"),
    deployment({
      namespace: OURS,
      name: HOLDER.account,
      config: [config],
      pod: {
        serviceAccountName: HOLDER.account,
        priorityClassName: "system-cluster-critical",
        tolerations: TOLERATE_CONTROL_PLANE,
        securityContext: { runAsUser: USER, runAsGroup: USER, fsGroup: USER },
        containers: [
          {
            name: HOLDER.account,
            image: image(input, "octavia-ingress-controller"),
            command: ["/bin/octavia-ingress-controller"],
            args: [`--config=${CLOUD_CONF_DIRECTORY}/config.yaml`],
            resources: resources("10m", "64Mi", "256Mi"),
            securityContext: RESTRICTED,
            volumeMounts: [mount(HOLDER.account, CLOUD_CONF_DIRECTORY, { readOnly: true })],
          },
        ],
        volumes: [secretVolume(HOLDER.account)],
      },
    }),
  ]);
}
