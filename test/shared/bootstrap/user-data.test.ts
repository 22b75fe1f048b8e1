import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { NodeBoot } from "../../../shared/bootstrap/boot.ts";
import { bootUserData, nodePayload } from "../../../shared/bootstrap/node.ts";
import type { Pki } from "../../../shared/bootstrap/pki.ts";
import { ask, bootOf, CNIS, cluster, filesOf, NOW, payloadFiles, testPki, testWith, userDataText } from "./world.ts";

// Goal: user-data starts a node and gives away nothing; a payload makes exactly that node.
jest.setTimeout(30_000);
const USER_DATA_MAX = 65_535;
let pki: Pki;
beforeAll(async () => {
  pki = await testPki();
});

const payloadOf = async (boot: NodeBoot) => {
  const kms = boot.role === "worker" ? {} : { kmsCloudConf: "[Global]\n" };
  return payloadFiles(await nodePayload({ pki, boot, nowMs: NOW, ...kms }));
};
const nodes = () => CNIS.flatMap((cni) => cluster(pki, [3, 3], { cni }));

test("no key of the cluster is in any node's user-data, nor anything that outlives the hour", () => {
  const { ca, etcdCa, frontProxyCa, serviceAccount, seed } = pki;
  const keys = [ca.key, etcdCa.key, frontProxyCa.key, serviceAccount.key].map((pem) => pem.split("\n")[1] ?? "");
  expect(keys.every((key) => key.length === 64)).toBe(true);
  for (const boot of nodes()) {
    const text = userDataText(boot);
    expect([...keys, seed, "PRIVATE", "client-certificate"].filter((secret) => text.includes(secret))).toEqual([]);
    expect(text.match(/the-one-hour-secret/g)).toEqual(["the-one-hour-secret"]);
  }
});

test("it is small enough for Nova by far, and the same each time", () => {
  const certificate = { caCertificate: pki.ca.certificate.repeat(3) };
  for (const boot of nodes()) {
    const data = bootUserData({ ...boot, fetch: { ...boot.fetch, ...certificate } });
    expect(data.toString("base64").length).toBeLessThan(USER_DATA_MAX / 4);
    expect(data.subarray(0, 2).toString("hex")).toBe("1f8b");
    expect(bootUserData({ ...boot, fetch: { ...boot.fetch, ...certificate } }).equals(data)).toBe(true);
  }
});

test("what is secret is only root's to read", () => {
  for (const { path, mode, content } of filesOf(userDataText(bootOf(pki))))
    if (content.includes("the-one-hour-secret")) expect([path, mode]).toEqual(["/etc/kinvirt/fetch.json", "0600"]);
});

test("what a node boots with is root's alone, but for what programs of others read", () => {
  const fetch = { ...bootOf(pki).fetch, caCertificate: "a certificate\n" };
  const text = userDataText(bootOf(pki, { fetch }));
  const modes = Object.fromEntries(filesOf(text).map(({ path, mode }) => [path, mode]));
  const others = Object.entries(modes).filter(([, mode]) => mode !== "0600");
  expect(Object.fromEntries(others)).toEqual({
    "/etc/containerd/config.toml": "0644",
    "/etc/kinvirt/boot.sh": "0700",
    "/etc/kinvirt/cloud-ca.crt": "0644",
    "/etc/modules-load.d/kubernetes.conf": "0644",
    "/etc/sysctl.d/90-kubernetes.conf": "0644",
    "/var/lib/cloud/scripts/per-boot/kinvirt": "0700",
  });
  expect(modes).toMatchObject({ "/etc/kinvirt/node.env": "0600", "/etc/kinvirt/kubeadm.yaml": "0600" });
});

test("each boot of the machine tries it until it has come, for as long as what it fetches may live", () => {
  const text = userDataText(bootOf(pki));
  // cloud-init takes a runcmd for done when it begins it: a reset meanwhile would be the end. It is there for other images.
  expect(JSON.parse(text.slice("#cloud-config\n".length)).runcmd).toEqual([
    "test -e /run/kinvirt || /var/lib/cloud/scripts/per-boot/kinvirt",
  ]);
  const script = filesOf(text).find(({ path }) => path === "/var/lib/cloud/scripts/per-boot/kinvirt")?.content ?? "";
  expect(script).toMatch(/^#!\/bin\/bash\n/);
  expect(script).toContain("/etc/kinvirt/boot.sh");
  /** How often it ran, and how it ended: the try of that number succeeds. */
  const tries = (succeeds: number, after: number) => {
    const said = `sleep() { echo "sleep $1"; }; boot() { echo try; let "count += 1"; [ "$count" -ge ${succeeds} ]; }; count=0`;
    const tried = script.replace("/etc/kinvirt/boot.sh", "boot");
    return String(ask("bash", ["-c", `(SECONDS=${after}; ${said}\n${tried}) || echo given up`]))
      .trim()
      .split("\n");
  };
  const again = Array.from({ length: 9 }, () => ["try", "sleep 15"]).flat();
  expect(tries(10, 0)).toEqual([...again, "try"]);
  expect(tries(2, 3500)).toEqual(["try", "sleep 15", "try"]);
  expect(tries(2, 3600)).toEqual(["try", "given up"]);
});

test("addresses are completed, and no text of ours breaks out of the shell's quotes", () => {
  const fetch = {
    ...bootOf(pki).fetch,
    authUrl: "https://k.example.org/identity/",
    payloadHref: "https://b/v1/secrets/x'$(id)/",
  };
  const env =
    filesOf(userDataText(bootOf(pki, { fetch }))).find(({ path }) => path.endsWith("node.env"))?.content ?? "";
  const shown = String(ask("sh", ["-c", `${env}\nprintf '%s\\n' "$AUTH_URL" "$PAYLOAD_URL" "$CLOUD_CA"`]));
  expect(shown).toBe("https://k.example.org/identity/v3\nhttps://b/v1/secrets/x'$(id)/payload\n\n");
});

test("a cloud's own authority is for the fetch and for the KMS plugin", () => {
  const boot = bootOf(pki, { fetch: { ...bootOf(pki).fetch, caCertificate: "a certificate\n" } });
  const files = new Map(filesOf(userDataText(boot)).map(({ path, content }) => [path, content]));
  expect(files.get("/etc/kinvirt/cloud-ca.crt")).toBe("a certificate\n");
  expect(files.get("/etc/kinvirt/node.env")).toContain("CLOUD_CA='/etc/kinvirt/cloud-ca.crt'\n");
  expect(parse(files.get("/etc/kinvirt/manifests/kms-barbican.yaml") ?? "").spec.volumes).toContainEqual({
    name: "cloud-ca",
    hostPath: { path: "/etc/kinvirt/cloud-ca.crt", type: "File" },
  });
});

test("each node's payload holds what its part needs and nothing more", async () => {
  const authorities = [
    "ca.crt",
    "ca.key",
    "etcd/ca.crt",
    "etcd/ca.key",
    "front-proxy-ca.crt",
    "front-proxy-ca.key",
    "sa.key",
    "sa.pub",
  ];
  const shared = [...authorities.map((name) => `/etc/kubernetes/pki/${name}`), "/etc/kubernetes/kms/barbican.conf"];
  const paths = await Promise.all(
    cluster(pki, [3, 1]).map(async (boot) => (await payloadOf(boot)).map(({ path, mode }) => `${mode} ${path}`)),
  );
  const modes = shared.map((path) => `${/\.(crt|pub)$/.test(path) ? "0644" : "0600"} ${path}`);
  const discovery = "0600 /run/kinvirt/discovery.conf";
  expect(paths).toEqual([modes, [...modes, discovery], [...modes, discovery], [discovery]]);
});

test("a joining node's certificate is for its own name and for an hour", async () => {
  for (const boot of cluster(pki, [3, 3]).filter(({ first }) => !first)) {
    const file = (await payloadOf(boot)).find(({ path }) => path === "/run/kinvirt/discovery.conf");
    const { clusters, users } = parse(file?.content ?? "");
    expect(clusters[0].cluster).toEqual({
      server: "https://10.20.0.5:6443",
      "certificate-authority-data": Buffer.from(pki.ca.certificate).toString("base64"),
    });
    const certificate = new X509Certificate(Buffer.from(users[0].user["client-certificate-data"], "base64"));
    expect(certificate.subject).toBe(`O=system:nodes\nCN=system:node:${boot.hostname}`);
    expect(Date.parse(certificate.validTo)).toBe(NOW + 3600_000);
    expect(certificate.verify(new X509Certificate(pki.ca.certificate).publicKey)).toBe(true);
  }
});

test("a payload fits into a secret, or is refused; each KMS plugin has its own configuration", async () => {
  const boot = bootOf(pki, { first: false, kms: ["barbican-2", "barbican"] });
  const kms = { "barbican-2": "new", barbican: "old" };
  const text = await nodePayload({ pki, boot, kmsCloudConf: kms, nowMs: NOW });
  expect(Buffer.byteLength(text)).toBeLessThan(10_000);
  expect(payloadFiles(text).filter(({ path }) => path.includes("/kms/"))).toEqual([
    { path: "/etc/kubernetes/kms/barbican-2.conf", mode: "0600", content: "new" },
    { path: "/etc/kubernetes/kms/barbican.conf", mode: "0600", content: "old" },
  ]);
  const refused = (kmsCloudConf: string | Record<string, string>) =>
    nodePayload({ pki, boot, kmsCloudConf, nowMs: NOW });
  await expect(refused("x".repeat(20_000))).rejects.toThrow("a payload of more than 20000 bytes");
  await expect(refused({ barbican: "old" })).rejects.toThrow("no cloud.conf for the KMS plugin barbican-2");
  await expect(nodePayload({ pki, boot, nowMs: NOW })).rejects.toThrow("a cloud.conf for each control plane");
});

testWith("cloud-init")("cloud-init finds the cloud-config valid", () => {
  const folder = mkdtempSync(join(tmpdir(), "cloud-config-"));
  try {
    const texts = cluster(pki, [1, 1]).map(userDataText);
    for (const text of texts) {
      writeFileSync(join(folder, "user-data"), text);
      const said = String(ask("cloud-init", ["schema", "--config-file", join(folder, "user-data")]));
      expect(said).toMatch(/^Valid (schema|cloud-config)/);
    }
    writeFileSync(
      join(folder, "user-data"),
      texts[0]?.replace('"preserve_hostname": false', '"preserve_hostname": "maybe"') ?? "",
    );
    const broken = () => ask("cloud-init", ["schema", "--config-file", join(folder, "user-data")]);
    expect(broken).toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
