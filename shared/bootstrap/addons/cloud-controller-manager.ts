import { CLOUD_CONF_DIRECTORY, globalSection, ini, withCa } from "./cloud-conf.ts";
import { image } from "./images.ts";
import { clusterAccess, rule, serviceAccount, systemRoleBinding } from "./rbac.ts";
import type { Addon, AddonInput } from "./types.ts";
import {
  addon,
  apiEnv,
  daemonSet,
  mount,
  nodeProbe,
  RESTRICTED,
  resources,
  SYSTEM,
  secret,
  secretVolume,
  TOLERATE_NEW_CONTROL_PLANE,
} from "./workload.ts";

const NAME = "openstack-cloud-controller-manager";
const HOLDER = { namespace: SYSTEM, account: "cloud-controller-manager" };
const USER = 1001;

/**
 * Source: kubernetes/cloud-provider-openstack pkg/openstack/openstack.go, LoadBalancerOpts, and docs/
 * openstack-cloud-controller-manager/using-openstack-cloud-controller-manager.md. The controller ignores keys that it
 * does not know, and does not check that OVN has no other method than SOURCE_IP_PORT and no HTTP monitors.
 * Security groups stay ours: two writers of a port's groups would undo each other. Kuryr makes Services' load balancers
 * itself.
 */
const cloudConf = (input: AddonInput): string =>
  ini({
    Global: globalSection(input, input.controllers),
    LoadBalancer: {
      enabled: input.cni !== "kuryr",
      "lb-provider": input.loadBalancerProvider,
      "lb-method": input.loadBalancerProvider === "ovn" ? "SOURCE_IP_PORT" : "ROUND_ROBIN",
      "network-id": input.networkId,
      "subnet-id": input.subnetId,
      "member-subnet-id": input.subnetId,
      "floating-network-id": input.externalNetworkId,
      "create-monitor": input.loadBalancerProvider === "amphora",
      "manage-security-groups": false,
    },
  });

/**
 * manifests/controller-manager/cloud-controller-manager-roles.yaml without what its flags here leave unused: no accounts
 * for the single controllers, no reading of all Secrets and ConfigMaps.
 */
const rules = [
  rule("get create update", "leases", "coordination.k8s.io"),
  rule("create patch update", "events"),
  rule("get list watch patch update delete", "nodes"),
  rule("patch", "nodes/status"),
  rule("list watch patch update", "services"),
  rule("patch", "services/status"),
];

/**
 * manifests/controller-manager/openstack-cloud-controller-manager-ds.yaml. The cluster's id is its name there, as two
 * clusters of one name in a project would take each other's load balancers.
 */
export function cloudControllerManager(input: AddonInput): Addon {
  const config = secret(SYSTEM, "cloud-config", withCa(input, { "cloud.conf": cloudConf(input) }));
  return addon("cloud-controller-manager", [
    config,
    serviceAccount(HOLDER),
    ...clusterAccess(HOLDER, rules, "kinvirt:cloud-controller-manager"),
    systemRoleBinding(
      HOLDER,
      "kinvirt:cloud-controller-manager:authentication-reader",
      "extension-apiserver-authentication-reader",
    ),
    daemonSet({
      namespace: SYSTEM,
      name: NAME,
      config: [config],
      pod: {
        serviceAccountName: HOLDER.account,
        priorityClassName: "system-node-critical",
        hostNetwork: true,
        dnsPolicy: "Default",
        nodeSelector: { "node-role.kubernetes.io/control-plane": "" },
        tolerations: TOLERATE_NEW_CONTROL_PLANE,
        securityContext: { runAsUser: USER, runAsGroup: USER, fsGroup: USER },
        containers: [
          {
            name: NAME,
            image: image(input, "cloud-controller-manager"),
            command: ["/bin/openstack-cloud-controller-manager"],
            args: [
              "--v=1",
              `--cluster-name=${input.clusterId}`,
              `--cloud-config=${CLOUD_CONF_DIRECTORY}/cloud.conf`,
              "--cloud-provider=openstack",
              "--controllers=cloud-node,cloud-node-lifecycle,service",
              "--use-service-account-credentials=false",
              "--bind-address=127.0.0.1",
            ],
            env: apiEnv(input),
            resources: resources("100m", "128Mi", "512Mi"),
            securityContext: RESTRICTED,
            livenessProbe: {
              ...nodeProbe("/healthz", 10258, { initialDelaySeconds: 30, timeoutSeconds: 5, periodSeconds: 30 }),
              httpGet: { host: "127.0.0.1", path: "/healthz", port: 10258, scheme: "HTTPS" },
            },
            volumeMounts: [mount("cloud-config", CLOUD_CONF_DIRECTORY, { readOnly: true })],
          },
        ],
        volumes: [secretVolume("cloud-config")],
      },
    }),
  ]);
}
