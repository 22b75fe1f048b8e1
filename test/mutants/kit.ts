import { among, type Mutant } from "./mutant.ts";

const addons = "shared/bootstrap/addons";
const places = "test/shared/bootstrap/addons/places.test.ts";
const powers = "test/shared/bootstrap/addons/powers.test.ts";
const fits = "test/shared/bootstrap/addons/fits.test.ts";
const planes = "test/shared/bootstrap/planes.test.ts";
const judgement = "test/shared/cluster/doctor/judgement.test.ts";
const ranges = "test/shared/cluster/ranges.test.ts";

/** Programs of a cluster that find one another, and may do what they are for. What they say is in golden files as well. */
export const kit: readonly Mutant[] = [
  ...among({ file: `${addons}/calico-rules.ts`, tests: [powers] }, [
    {
      name: "Calico's plugin gets the token of another account",
      find: 'rule("create", "serviceaccounts/token", "", CNI_ACCOUNT)',
      replace: 'rule("create", "serviceaccounts/token", "", "calico-node")',
    },
    {
      name: "addresses of nodes that are gone are never given back",
      find: 'const CRUD = "get list create update delete";',
      replace: 'const CRUD = "get list create update";',
    },
    {
      name: "Calico's controllers wait for a watch that they may not have",
      find: 'rule("list watch", "ippools", CALICO)',
      replace: 'rule("list", "ippools", CALICO)',
    },
  ]),
  ...among({ file: `${addons}/calico-kinds.ts`, tests: [powers] }, [
    {
      name: "policies of a namespace hold in all of them",
      find: 'plural: "networkpolicies", namespaced: true',
      replace: 'plural: "networkpolicies"',
    },
    {
      name: "the API server refuses a kind of a group of Kubernetes' own",
      find: '"api-approved.kubernetes.io": "https',
      replace: '"api.kubernetes.io": "https',
    },
  ]),
  ...among({ file: `${addons}/calico.ts`, tests: [fits] }, [
    {
      name: "Calico waits for BGP that nobody speaks",
      find: '"CALICO_NETWORKING_BACKEND", value: "vxlan"',
      replace: '"CALICO_NETWORKING_BACKEND", value: "bird"',
    },
    {
      name: "Calico answers for the cloud's load balancers",
      find: '"ENABLED_CONTROLLERS", value: "node"',
      replace: '"ENABLED_CONTROLLERS", value: "node,loadbalancer"',
    },
    {
      name: "the network's programs are where containerd does not look",
      find: 'hostPath("cni-bin-dir", "/opt/cni/bin", "DirectoryOrCreate")',
      replace: 'hostPath("cni-bin-dir", "/usr/lib/cni", "DirectoryOrCreate")',
      tests: [places],
    },
  ]),
  ...among({ file: `${addons}/base.ts`, tests: [powers] }, [
    {
      name: "what runs beside people's pods may run as root",
      find: '"pod-security.kubernetes.io/enforce": "restricted"',
      replace: '"pod-security.kubernetes.io/warn": "restricted"',
    },
  ]),
  ...among({ file: `${addons}/metadata.ts`, tests: [fits] }, [
    {
      name: "the metadata's policy is in a tier that it is not of",
      find: "name: `${TIER}.metadata`",
      replace: "name: `default.metadata`",
    },
  ]),
  ...among({ file: `${addons}/cilium.ts`, tests: [fits] }, [
    {
      name: "Cilium's only operator stays on a machine that has died",
      find: 'tolerations: [...TOLERATE_NEW_CONTROL_PLANE, { key: NOT_READY, operator: "Exists", effect: "NoSchedule" }],',
      replace: "tolerations: [...TOLERATE_NEW_CONTROL_PLANE, ...TOLERATE_ALL],",
    },
    {
      name: "Cilium's operator waits for the agents that wait for it",
      find: ', { key: NOT_READY, operator: "Exists", effect: "NoSchedule" }],',
      replace: "].filter(({ key }) => key !== NOT_READY),",
    },
    {
      name: "Cilium's agent does not find what was read for it",
      find: 'mount("tmp", "/tmp"),\n            mount("cilium-run"',
      replace: 'mount("tmp", "/var/tmp"),\n            mount("cilium-run"',
    },
    {
      name: "Cilium's agent does not see the file system that was mounted for it",
      find: 'mount("bpf-maps", "/sys/fs/bpf", { mountPropagation: "HostToContainer" })',
      replace: 'mount("bpf-maps", "/sys/fs/bpf")',
    },
    {
      name: "Cilium's configuration is refused to its agent",
      find: '    ...namespaceAccess(AGENT, agentConfigRules, "cilium-config-agent"),\n',
      replace: "",
      tests: [powers],
    },
  ]),
  ...among({ file: `${addons}/cilium-config.ts`, tests: [places] }, [
    {
      name: "Cilium's operator is asked for its health where it does not listen",
      find: '"operator-api-serve-addr": "127.0.0.1:9234"',
      replace: '"operator-api-serve-addr": "127.0.0.1:9235"',
    },
    {
      name: "Cilium gives one node the addresses of all",
      find: '"cluster-pool-ipv4-mask-size": "24"',
      replace: '"cluster-pool-ipv4-mask-size": "20"',
      tests: [fits],
    },
  ]),
  ...among({ file: `${addons}/cinder.ts`, tests: [fits] }, [
    {
      name: "a disk is made before it is known where its pod is",
      find: '"WaitForFirstConsumer"',
      replace: '"Immediate"',
    },
    {
      name: "nobody attaches disks",
      find: "attachRequired: true",
      replace: "attachRequired: false",
    },
    {
      name: "disks are not marked as the cluster's",
      find: ", `--cluster=${input.clusterId}`",
      replace: "",
    },
    {
      name: "two of Cinder's controllers work at once",
      find: "    ...namespaceAccess(CONTROLLER, LEASE_RULES),\n",
      replace: "",
      tests: [powers],
    },
    {
      name: "what Cinder's driver mounts only it sees",
      find: 'mount("kubelet", KUBELET, { mountPropagation: "Bidirectional" })',
      replace: 'mount("kubelet", KUBELET)',
      tests: [places],
    },
  ]),
  ...among({ file: `${addons}/csi.ts`, tests: [places] }, [
    {
      name: "kubelet looks for a driver at a socket that nobody serves",
      find: "--kubelet-registration-path=${PLUGINS}/${driver}/csi.sock",
      replace: "--kubelet-registration-path=${PLUGINS}/csi.sock",
    },
    {
      name: "volumes never grow in the eyes of their claims",
      find: '  rule("patch", "persistentvolumeclaims/status"),\n',
      replace: "",
      tests: [powers],
    },
  ]),
  ...among({ file: `${addons}/nfs.ts`, tests: [places] }, [
    {
      name: "two programs of a node want one port",
      find: "127.0.0.1:29653",
      replace: "127.0.0.1:29654",
    },
  ]),
  ...among({ file: `${addons}/manila.ts`, tests: [fits] }, [
    {
      name: "a share can be made and never grow, for want of a login",
      find: '"provisioner", "controller-expand"',
      replace: '"provisioner", "controller-publish"',
    },
    {
      name: "shares are mounted by a program that is not there",
      find: "--fwdendpoint=unix://${NFS_SOCKETS}/csi.sock",
      replace: "--fwdendpoint=unix://${NFS_SOCKETS}/nfs.sock",
      tests: [places],
    },
    {
      name: "the nodes' driver is asked for new shares, which it does not make",
      find: '["--extra-create-metadata"], { socket: "csi-controllerplugin.sock" }',
      replace: '["--extra-create-metadata"], { socket: "csi.sock" }',
      tests: [places],
    },
    {
      name: "the login that shares are made with is refused",
      find: '    ...namespaceAccess(CONTROLLER, [rule("get", "secrets", "", SECRET)]),\n',
      replace: "",
      tests: [powers],
    },
  ]),
  ...among({ file: `${addons}/cloud-controller-manager.ts`, tests: [powers] }, [
    {
      name: "nodes whose servers are gone stay for ever",
      find: '"get list watch patch update delete", "nodes"',
      replace: '"get list watch patch update", "nodes"',
    },
    {
      name: "the cloud controller is asked in plain text and restarted for ever",
      find: ', scheme: "HTTPS"',
      replace: "",
      tests: [places],
    },
    {
      name: "the cloud controller waits for the DNS that waits for it",
      find: 'dnsPolicy: "Default"',
      replace: 'dnsPolicy: "ClusterFirstWithHostNet"',
      tests: [fits],
    },
  ]),
  ...among({ file: `${addons}/cloud-conf.ts`, tests: [places] }, [
    {
      name: "the cloud's authority is where nobody has put it",
      find: "`${CLOUD_CONF_DIRECTORY}/${CA_FILE}`",
      replace: "`/etc/ssl/${CA_FILE}`",
    },
  ]),
  ...among({ file: `${addons}/external-dns.ts`, tests: [places] }, [
    { name: "the webhook is told of no cloud", find: 'value: "openstack" }', replace: 'value: "default" }' },
    { name: "nobody knows whose records are whose", find: '"--registry=txt"', replace: '"--registry=noop"' },
    {
      name: "ExternalDNS calls where nobody listens",
      find: "http://localhost:8888",
      replace: "http://localhost:8080",
    },
  ]),
  ...among({ file: `${addons}/octavia-ingress.ts`, tests: [powers] }, [
    {
      name: "an Ingress never says its address",
      find: '  rule("update", "ingresses/status", "networking.k8s.io"),\n',
      replace: "",
    },
    {
      name: "Ingresses get their addresses from the nodes' own network",
      find: '"floating-network-id": input.externalNetworkId',
      replace: '"floating-network-id": input.networkId',
      tests: [fits],
    },
  ]),
  ...among({ file: `${addons}/workload.ts`, tests: [fits] }, [
    {
      name: "a controller's logins are unreadable to it",
      find: "defaultMode: 0o440",
      replace: "defaultMode: 0o400",
    },
    {
      name: "a new controller waits for the ports of the old one",
      find: 'strategy: { type: "Recreate" }',
      replace: 'strategy: { type: "RollingUpdate" }',
    },
    {
      name: "the cloud controller waits for nodes that wait for it",
      find: 'value: "true", effect: "NoSchedule"',
      replace: 'value: "true", effect: "NoExecute"',
    },
  ]),
  ...among({ file: "shared/bootstrap/control-plane.ts", tests: [planes] }, [
    {
      name: "the API server waits for a KMS plugin that listens elsewhere",
      find: "--socketpath=${KMS_SOCKETS}/${plugin}.sock",
      replace: "--socketpath=${KMS_SOCKETS}/kms.sock",
    },
    {
      name: "the KMS plugin logs keys",
      find: '"--v=1"',
      replace: '"--v=4"',
    },
    {
      name: "the audit log holds Secrets",
      find: 'level: "Metadata",\n      resources: [\n        group("", "secrets"',
      replace: 'level: "Request",\n      resources: [\n        group("", "secrets"',
    },
    {
      name: "the audit log is full of what kube-proxy watches",
      find: '"system:serviceaccount:kube-system:kube-proxy"',
      replace: '"system:kube-proxy"',
    },
    {
      name: "a person's pod may be its node's root",
      find: 'enforce: "baseline"',
      replace: 'enforce: "privileged"',
    },
    {
      name: "everybody may ask the API",
      find: '["/livez", "/readyz", "/healthz"]',
      replace: '["/livez", "/readyz", "/healthz", "/api"]',
    },
  ]),
  ...among({ file: "shared/bootstrap/kubeadm.ts", tests: [planes] }, [
    {
      name: "nodes are nobody's cloud's",
      find: '"cloud-provider": "external", ',
      replace: "",
    },
    {
      name: "a node may change any other node",
      find: '"NodeRestriction,DenyServiceExternalIPs,',
      replace: '"DenyServiceExternalIPs,',
    },
    {
      name: "a second control plane stumbles over the KMS plugin's manifest",
      find: "DirAvailable--etc-kubernetes-manifests",
      replace: "DirAvailable-etc-kubernetes-manifests",
    },
    {
      name: "kubelet and containerd count memory apart",
      find: 'cgroupDriver: "systemd"',
      replace: 'cgroupDriver: "cgroupfs"',
    },
    {
      name: "kube-proxy runs beside Kuryr",
      find: 'PROXIES = new Set<NodeBoot["cni"]>(["kuryr"])',
      replace: 'PROXIES = new Set<NodeBoot["cni"]>()',
    },
  ]),
  ...among({ file: "shared/bootstrap/node-files.ts", tests: [planes] }, [
    {
      name: "kubelet does not start, for what it may not set itself",
      find: '  "kernel.panic": 10,\n',
      replace: '  "kernel.panic": 0,\n',
    },
    {
      name: "kube-proxy's rules see no pods",
      find: '["overlay", "br_netfilter"]',
      replace: '["overlay"]',
    },
  ]),
  ...among({ file: "shared/bootstrap/kms-conf.ts", tests: [planes] }, [
    {
      name: "the KMS plugin trusts a file that it does not see",
      find: "undefined : CLOUD_CA",
      replace: 'undefined : "/etc/kubernetes/cloud-ca.crt"',
    },
  ]),
  ...among({ file: "shared/bootstrap/versions.ts", tests: [planes] }, [
    {
      name: "a cluster gets the cloud provider of another version",
      find: 'pause: "3.10.2", cloudProvider: "v1.36.0"',
      replace: 'pause: "3.10.2", cloudProvider: "v1.35.0"',
    },
  ]),
  ...among({ file: "shared/cluster/ranges.ts", tests: [ranges] }, [
    {
      name: "a range that kubeadm refuses is found out by the first machine",
      find: "bits >= least && bits <= most",
      replace: "bits >= least",
    },
    {
      name: "a machine too many is found out when the others are there",
      find: "machines <= room ? []",
      replace: "room > 0 ? []",
    },
    {
      name: "Cilium's last nodes have no addresses for their pods",
      find: 'asked.cni === "cilium"',
      replace: 'asked.cni === "kuryr"',
    },
    {
      name: "beside Kuryr the Services' range is taken for whole",
      find: "const half = kuryr ? 1 : 0;",
      replace: "const half = 0;",
    },
  ]),
  ...among({ file: "shared/cluster/doctor/identity.ts", tests: [judgement] }, [
    {
      name: "the doctor calls a login well that Barbican refuses",
      find: 'probed.services["key-manager"] === "locked" && !holds(held, "creator")',
      replace: 'probed.services["key-manager"] === "locked" && holds(held, "creator")',
    },
    {
      name: "the doctor says nothing of an administrator's login",
      find: 'held.includes("admin")',
      replace: 'held.includes("administrator")',
    },
  ]),
  ...among({ file: "shared/cluster/doctor/network.ts", tests: [judgement] }, [
    {
      name: "the doctor knows no external network by its id",
      find: "seen.filter((one) => one.name === wanted || one.id === wanted)",
      replace: "seen.filter((one) => one.name === wanted)",
    },
  ]),
  ...among({ file: "shared/cluster/doctor/machines.ts", tests: [judgement] }, [
    {
      name: "the doctor knows no flavor by its id",
      find: "one.name === name || one.id === name",
      replace: "one.name === name",
    },
    {
      name: "a control plane with too little memory is well",
      find: "ram < CONTROL_PLANE.ramMib :",
      replace: "ram < 0 :",
    },
    {
      name: "a disk that fills up is well",
      find: "flavor.disk < DISK_GIB",
      replace: "flavor.disk < 0",
    },
    {
      name: "an image that wants more memory is well",
      find: "one.ram < image.min_ram || ",
      replace: "",
    },
  ]),
];
