import { controlPlaneRules, podRules, type Traffic, workerRules } from "../../../shared/resources/security-rules.ts";

// Goal: nothing is open to the world but the API, and NodePorts where the load balancer keeps the clients' addresses.
const traffic: Traffic = { nodeCidr: "10.6.0.0/24", podCidr: "10.244.0.0/16", cni: "calico", provider: "amphora" };

type Rules = ReturnType<typeof workerRules>;

const words = (rules: Rules) =>
  rules.map(({ protocol, portMin, portMax, remote }) => {
    const ports = portMin === undefined ? "" : portMin === portMax ? ` ${portMin}` : ` ${portMin}-${portMax}`;
    return `${protocol}${ports} from ${remote}`;
  });

test("a control plane lets in the API, etcd's peers, the kubelet's callers and the pod network", () => {
  expect(words(controlPlaneRules(traffic))).toEqual([
    "tcp 6443 from 0.0.0.0/0",
    "tcp 2379-2380 from self",
    "tcp 10250 from 10.6.0.0/24",
    "udp 4789 from 10.6.0.0/24",
    "tcp 5473 from 10.6.0.0/24",
    "icmp from 10.6.0.0/24",
  ]);
});

test.each([
  ["calico", ["udp 4789 from 10.6.0.0/24", "tcp 5473 from 10.6.0.0/24"]],
  ["cilium", ["udp 8472 from 10.6.0.0/24", "tcp 4240 from 10.6.0.0/24"]],
  ["kuryr", ["tcp from 10.244.0.0/16", "udp from 10.244.0.0/16"]],
] as const)("a worker lets in what %s needs", (cni, wanted) => {
  expect(words(workerRules({ ...traffic, cni }))).toEqual([
    "tcp 10250 from 10.6.0.0/24",
    ...wanted,
    "icmp from 10.6.0.0/24",
    "tcp 30000-32767 from 10.6.0.0/24",
    "udp 30000-32767 from 10.6.0.0/24",
  ]);
});

test("NodePorts are open to everybody with the OVN provider only", () => {
  const open = (rules: Rules) => words(rules).filter((rule) => rule.endsWith(" 0.0.0.0/0"));
  expect(open(workerRules(traffic))).toEqual([]);
  expect(open(workerRules({ ...traffic, provider: "ovn" }))).toEqual([
    "tcp 30000-32767 from 0.0.0.0/0",
    "udp 30000-32767 from 0.0.0.0/0",
  ]);
});

test("pods with ports of their own are reached by what is inside, or by whom the OVN provider lets through", () => {
  const serviceCidr = "10.96.0.0/16";
  expect(words(podRules({ ...traffic, serviceCidr }))).toEqual([
    "tcp from 10.244.0.0/16",
    "udp from 10.244.0.0/16",
    "tcp from 10.6.0.0/24",
    "udp from 10.6.0.0/24",
    "tcp from 10.96.0.0/16",
    "udp from 10.96.0.0/16",
    "icmp from 10.244.0.0/16",
    "icmp from 10.6.0.0/24",
  ]);
  expect(words(podRules({ ...traffic, serviceCidr, provider: "ovn" }))).toEqual([
    "tcp from 0.0.0.0/0",
    "udp from 0.0.0.0/0",
    "icmp from 10.244.0.0/16",
    "icmp from 10.6.0.0/24",
  ]);
});
