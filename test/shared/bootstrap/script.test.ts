import type { NodeBoot } from "../../../shared/bootstrap/boot.ts";
import { nodePayload } from "../../../shared/bootstrap/node.ts";
import type { Pki } from "../../../shared/bootstrap/pki.ts";
import { BOOT_SCRIPT } from "../../../shared/bootstrap/script.ts";
import { RELEASES } from "../../../shared/bootstrap/versions.ts";
import { cloudFor, Machine, TOKEN } from "./machine/machine.ts";
import { ask, bootOf, NOW, payloadFiles, testPki, testWith } from "./world.ts";

// Goal: the boot script, run for real, makes a node from wherever an earlier run ended, and leaves nothing secret behind.
jest.setTimeout(600_000);
const SECRET = "the-one-hour-secret";
const LOGIN = { id: "0123456789abcdef0123456789abcdef", secret: SECRET };
const RELEASE = RELEASES["1.36"].release;
const PARALLEL = 4;

let pki: Pki;
let payload: string;
let cloud: Awaited<ReturnType<typeof cloudFor>>;
const machines: Machine[] = [];

beforeAll(async () => {
  pki = await testPki();
  cloud = await cloudFor(() => payload, LOGIN);
});
afterAll(() => cloud.close());
afterEach(() => {
  for (const machine of machines.splice(0)) machine.clear();
});

const ROLES = {
  "first control plane": { first: true, role: "control-plane" },
  "second control plane": { first: false, role: "control-plane", hostname: "kinvirt-dev-c-7f3a-control-plane-2" },
  worker: { first: false, role: "worker", hostname: "kinvirt-dev-c-7f3a-worker-1" },
} as const;

async function prepared(with_: Partial<NodeBoot>): Promise<NodeBoot> {
  const fetch = {
    authUrl: `${cloud.url}/v3`,
    credentialId: LOGIN.id,
    credentialSecret: LOGIN.secret,
    payloadHref: `${cloud.url}/v1/secrets/5f0c`,
  };
  const boot = bootOf(pki, { fetch, packages: cloud.url, ...with_ });
  payload = await nodePayload({
    pki,
    boot,
    nowMs: NOW,
    ...(boot.role === "worker" ? {} : { kmsCloudConf: "[Global]\nauth-url = x\n" }),
  });
  return boot;
}
function machine(boot: NodeBoot): Machine {
  const made = new Machine(boot, RELEASE);
  machines.push(made);
  return made;
}
async function booted(with_: Partial<NodeBoot>): Promise<Machine> {
  const made = machine(await prepared(with_));
  expect(await made.run()).toMatchObject({ ok: true });
  return made;
}

/** A few at a time. */
async function each(numbers: readonly number[], body: (number: number) => Promise<void>): Promise<void> {
  const left = [...numbers];
  const worker = async () => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) await body(number);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

test("a first control plane, from an image with nothing on it", async () => {
  const node = await booted(ROLES["first control plane"]);
  const config = `${node.root}/etc/kinvirt/kubeadm.yaml`;
  expect(node.calls.filter((call) => !/^(kubelet|kubeadm) .*version/.test(call))).toEqual([
    "modprobe --all overlay br_netfilter",
    `sysctl --quiet --load=${node.root}/etc/sysctl.d/90-kubernetes.conf`,
    "swapoff --all",
    "dpkg --configure --pending",
    "apt-get -o DPkg::Lock::Timeout=600 update",
    "apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold install --yes --no-install-recommends " +
      "--allow-change-held-packages --allow-downgrades containerd " +
      ["kubelet", "kubeadm", "kubectl"].map((name) => `${name}=${RELEASE.slice(1)}-*`).join(" "),
    "apt-mark hold kubelet kubeadm kubectl",
    "systemctl enable containerd kubelet",
    "systemctl restart containerd",
    `kubeadm init --config ${config}`,
  ]);
  expect(cloud.asked.splice(0)).toEqual([
    "GET /core:/stable:/v1.36/deb/Release.key",
    "POST /v3/auth/tokens",
    "GET /v1/secrets/5f0c/payload",
  ]);
  expect(node.read("etc/apt/sources.list.d/kubernetes.list")).toBe(
    `deb [signed-by=/etc/apt/keyrings/kubernetes.asc] ${cloud.url}/core:/stable:/v1.36/deb/ /\n`,
  );
  expect(node.read("etc/fstab")).toBe("/dev/vda1 / ext4\n");
  for (const { path, mode, content } of payloadFiles(payload)) {
    expect(node.read(path)).toBe(content);
    expect(node.files[path.slice(1)]).toMatch(new RegExp(`^${mode.slice(1)} `));
  }
  expect(node.files["etc/kubernetes/manifests/kms-barbican.yaml"]).toMatch(/^600 /);
  expect(node.has("run/kinvirt/bootstrap-success")).toBe(true);
});

test.each(Object.entries(ROLES))("a %s has nothing secret left that it does not need", async (_name, role) => {
  const node = await booted(role);
  for (const path of [
    "etc/kinvirt/fetch.json",
    "run/kinvirt/token",
    "run/kinvirt/headers",
    "run/kinvirt/payload.json",
    "run/kinvirt/discovery.conf",
    "etc/kubernetes/super-admin.conf",
    "etc/kubernetes/bootstrap-kubelet.conf",
  ])
    expect([path, node.has(path)]).toEqual([path, false]);
  const discovery = payloadFiles(payload).find(({ path }) => path.endsWith("discovery.conf"))?.content ?? "nothing";
  const left = Object.keys(node.files).filter((path) =>
    [SECRET, TOKEN, discovery].some((secret) => node.read(path).includes(secret)),
  );
  expect(left).toEqual([]);
});

test.each(Object.entries(ROLES))("no program of a %s gets a secret as an argument", async (_name, role) => {
  const node = await booted(role);
  const keys = payloadFiles(payload).map(
    ({ content }) => /client-key-data: (\S+)/.exec(content)?.[1] ?? (content.split("\n")[1] || content),
  );
  expect(keys.every((key) => key.length > 8)).toBe(true);
  expect(node.trace).toContain("openssl pkey");
  expect([SECRET, TOKEN, LOGIN.id, ...keys].filter((secret) => node.trace.includes(secret))).toEqual([]);
});

/** Every role takes minutes: `npm run test:boot`. */
const THOROUGH = process.env["THOROUGH"] !== undefined;
// The two that come through every line between them.
const STOPPED = [
  ["first control plane", [], 60],
  ["worker", ["kubeadm", "kubelet", "kubectl", "containerd"], 50],
] as const;
test.each(
  THOROUGH ? STOPPED : STOPPED.slice(0, 1),
)("a %s whose machine stops before any command is made by the next run", async (name, programs, least) => {
  const boot = await prepared(ROLES[name]);
  const fresh = () => {
    const made = machine(boot);
    made.carry(...programs);
    return made;
  };
  const whole = fresh();
  expect(await whole.run()).toMatchObject({ ok: true });
  const wanted = whole.files;
  const { lines } = whole;
  // Of a loop, its first and its last round.
  const ends = lines.flatMap((line, at) =>
    lines.indexOf(line) === at || lines.lastIndexOf(line) === at ? [at + 1] : [],
  );
  expect(ends.length).toBeGreaterThan(least);
  // What stops before one command has done all that it does before the next but one.
  await each(THOROUGH ? ends : ends.filter((_end, at) => at % 2 === 0), async (dieAt) => {
    const node = fresh();
    expect([dieAt, (await node.run({ dieAt })).ok]).toEqual([dieAt, false]);
    const again = await node.run();
    expect([dieAt, again.ok ? "" : again.output]).toEqual([dieAt, ""]);
    expect([dieAt, node.files]).toEqual([dieAt, wanted]);
    node.clear();
  });
});

test.each(
  THOROUGH ? Object.entries(ROLES) : Object.entries(ROLES).slice(0, 1),
)("a %s any of whose programs fails is made by the next run", async (_name, role) => {
  const boot = await prepared(role);
  const whole = machine(boot);
  await whole.run();
  const wanted = whole.files;
  const failed: string[] = [];
  await each(
    [...whole.calls.keys()].map((at) => at + 1),
    async (failCall) => {
      const node = machine(boot);
      if (!(await node.run({ failCall })).ok) failed.push(whole.calls[failCall - 1]?.split(" ")[0] ?? "");
      expect(await node.run()).toMatchObject({ ok: true });
      expect([failCall, node.files]).toEqual([failCall, wanted]);
      node.clear();
    },
  );
  expect(new Set(failed)).toEqual(
    new Set(["apt-get", "apt-mark", "dpkg", "kubeadm", "modprobe", "swapoff", "sysctl", "systemctl"]),
  );
});

test("an image that carries the version is left as it is, one with another version is not", async () => {
  const boot = await prepared(ROLES.worker);
  const baked = machine(boot);
  baked.carry("kubeadm", "kubelet", "kubectl", "containerd");
  expect(await baked.run()).toMatchObject({ ok: true });
  expect(baked.calls.filter((call) => call.startsWith("apt"))).toEqual([]);
  const older = new Machine(boot, "v1.36.0");
  machines.push(older);
  older.carry("kubeadm", "kubelet", "kubectl", "containerd");
  expect(await older.run()).toMatchObject({ ok: true });
  const install = older.calls.find((call) => call.includes(" install "));
  expect(install).toContain(`kubeadm=${RELEASE.slice(1)}-*`);
  expect(install).not.toContain("containerd");
  const runtimeless = machine(boot);
  runtimeless.carry("kubeadm", "kubelet", "kubectl");
  expect(await runtimeless.run()).toMatchObject({ ok: true });
  expect(runtimeless.calls.find((call) => call.includes(" install "))).toContain(" containerd ");
});

test("the cloud's own authority is for the cloud alone", async () => {
  const plain = await prepared(ROLES.worker);
  const node = machine({ ...plain, fetch: { ...plain.fetch, caCertificate: "a certificate\n" } });
  expect(await node.run()).toMatchObject({ ok: true });
  const asked = (of: Machine) =>
    of.trace
      .split("\n")
      .filter((line) => /^\++ curl /.test(line))
      .map((line) => [line.includes(`--cacert ${of.root}/etc/kinvirt/cloud-ca.crt `), / (http\S+)$/.exec(line)?.[1]]);
  const urls = ["/core:/stable:/v1.36/deb/Release.key", "/v3/auth/tokens", "/v1/secrets/5f0c/payload"];
  expect(asked(node)).toEqual(urls.map((url, at) => [at > 0, cloud.url + url]));
});

test.each(Object.entries(ROLES))("a %s refuses the authority of another cluster", async (_name, role) => {
  const boot = await prepared({ ...role, caCertHash: `sha256:${"0".repeat(64)}` });
  const node = machine(boot);
  const { ok, output } = await node.run();
  expect(ok).toBe(false);
  expect(output).toContain("kinvirt: the certificate authority in the secret is another cluster's");
  expect(node.calls.filter((call) => /^kubeadm (init|join)/.test(call))).toEqual([]);
});

test("a node that is in is not touched by another run", async () => {
  const node = await booted(ROLES.worker);
  const calls = node.calls.length;
  const files = node.files;
  expect(await node.run()).toMatchObject({ ok: true });
  expect(node.calls.length).toBe(calls);
  expect(node.files).toEqual(files);
});

testWith("shellcheck")("shellcheck has nothing to say", () => {
  const output = ask("shellcheck", ["--severity=style", "--shell=bash", "-"], BOOT_SCRIPT);
  expect(String(output)).toBe("");
});
