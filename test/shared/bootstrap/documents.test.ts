import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { NodeBoot } from "../../../shared/bootstrap/boot.ts";
import type { Pki } from "../../../shared/bootstrap/pki.ts";
import { cluster as clusterType, init, join, kubelet } from "./kubeadm-types.ts";
import { bootOf, CNIS, cluster, filesOf, PROVIDERS, SIZES, testPki, userDataText, VERSIONS } from "./world.ts";

// Goal: every document that a node gets is as reviewed, and as the program that reads it wants it.
// `GOLDEN=write npx jest documents` writes the golden files anew.
jest.setTimeout(30_000);
const GOLDEN = `${import.meta.dirname}/golden`;
const write = process.env["GOLDEN"] === "write";
const CA_HASH = /sha256:[0-9a-f]{64}/;

let pki: Pki;
beforeAll(async () => {
  pki = await testPki();
});

/** What a file's content depends on. That it depends on nothing else is what the comparison of all nodes proves. */
function goldenName(path: string, boot: NodeBoot): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const action = boot.first ? "init" : `join-${boot.role}`;
  if (name === "kubeadm.yaml") return boot.first ? `${action}-${boot.version}-${boot.cni}.yaml` : `${action}.yaml`;
  if (name === "node.env") return `node-${boot.first ? "init" : "join"}-${boot.version}.env`;
  if (name === "config.toml") return `containerd-${boot.version}.toml`;
  if (name.startsWith("kms-")) return name.replace(".yaml", `-${boot.version}.yaml`);
  return name;
}

/** As if for the first node of its kind and the one load balancer: what may differ from node to node is named here. */
const common = (text: string, boot: NodeBoot): string =>
  text
    .replaceAll(boot.hostname, boot.hostname.replace(/\d+$/, "N"))
    .replaceAll(boot.address, boot.role === "worker" ? "10.20.0.20" : "10.20.0.10")
    .replaceAll(boot.endpoint.vip, "10.20.0.5")
    .replace(CA_HASH, "sha256:0");

const boots = () =>
  VERSIONS.flatMap((version) =>
    CNIS.flatMap((cni) =>
      PROVIDERS.flatMap((provider) => SIZES.flatMap((size) => cluster(pki, size, { version, cni, provider }))),
    ),
  );

test("all documents of all clusters are as reviewed", () => {
  const made = new Map<string, Set<string>>();
  for (const boot of boots())
    for (const { path, content } of filesOf(userDataText(boot))) {
      const name = goldenName(path, boot);
      made.set(name, (made.get(name) ?? new Set()).add(common(content, boot)));
    }
  expect([...made].filter(([, contents]) => contents.size !== 1).map(([name]) => name)).toEqual([]);
  const documents = new Map([...made].map(([name, [content = ""]]) => [name, content]));
  if (write) {
    rmSync(GOLDEN, { recursive: true, force: true });
    mkdirSync(GOLDEN);
    for (const [name, content] of documents) writeFileSync(`${GOLDEN}/${name}`, content);
  }
  expect(readdirSync(GOLDEN).sort()).toEqual([...documents.keys()].sort());
  for (const [name, content] of documents)
    expect([name, content]).toEqual([name, readFileSync(`${GOLDEN}/${name}`, "utf8")]);
});

const kubeadmOf = (boot: NodeBoot): unknown[] => {
  const file = filesOf(userDataText(boot)).find(({ path }) => path === "/etc/kinvirt/kubeadm.yaml");
  return parseAllDocuments(file?.content ?? "").map((document) => document.toJS());
};

test("kubeadm knows every field of what it is given", () => {
  for (const boot of boots()) {
    const documents = kubeadmOf(boot);
    if (boot.first) {
      expect(documents.length).toBe(3);
      init.parse(documents[0]);
      clusterType.parse(documents[1]);
      kubelet.parse(documents[2]);
    } else {
      expect(documents.length).toBe(1);
      expect(join.parse(documents[0]).controlPlane === undefined).toBe(boot.role === "worker");
    }
  }
  const [, configuration] = kubeadmOf(bootOf(pki));
  expect(() => clusterType.parse({ ...Object(configuration), kubeProxy: {} })).toThrow();
});

test("the API server's certificate covers each way to it", () => {
  const configuration = clusterType.parse(kubeadmOf(bootOf(pki))[1]);
  expect(configuration.apiServer.certSANs).toEqual(["10.20.0.5", "203.0.113.9", "api.dev.k8s.example.org"]);
  expect(configuration.controlPlaneEndpoint).toBe("10.20.0.5:6443");
});

test("every file that a flag names is written or mounted, and no flag comes twice", () => {
  const boot = bootOf(pki);
  const { apiServer } = clusterType.parse(kubeadmOf(boot)[1]);
  const flags = apiServer.extraArgs ?? [];
  expect(new Set(flags.map(({ name }) => name)).size).toBe(flags.length);
  const mounts = (apiServer.extraVolumes ?? []).map(({ mountPath }) => `${mountPath}/`);
  const written = filesOf(userDataText(boot)).map(({ path }) => path);
  const paths = flags.map(({ value }) => value).filter((value) => value.startsWith("/") && !value.includes("/pki/"));
  expect(paths.length).toBe(5);
  for (const path of paths) expect(mounts.some((mount) => path.startsWith(mount))).toBe(true);
  expect(paths.filter((path) => !path.endsWith(".log")).every((path) => written.includes(path))).toBe(true);
});

test("with a mirror, every image comes from it", () => {
  const boot = bootOf(pki, { registry: "mirror.example.org/k8s/" });
  const configuration = clusterType.parse(kubeadmOf(boot)[1]);
  expect(configuration.imageRepository).toBe("mirror.example.org/k8s");
  expect(configuration.dns).toEqual({ imageRepository: "mirror.example.org/k8s/coredns" });
  const text = userDataText(boot);
  expect(text).toContain('sandbox_image = \\"mirror.example.org/k8s/pause:3.10.2\\"');
  expect(text).toContain("image: mirror.example.org/k8s/provider-os/barbican-kms-plugin:v1.36.0");
  expect(text).not.toContain("registry.k8s.io");
});

test("keys rotate by a second plugin: the first one writes, both read", () => {
  const files = filesOf(userDataText(bootOf(pki, { kms: ["barbican-2", "barbican"] })));
  const encryption = files.find(({ path }) => path.endsWith("/encryption.yaml"));
  const endpoints = [...(encryption?.content ?? "").matchAll(/endpoint: (\S+)/g)].map(([, endpoint]) => endpoint);
  expect(endpoints).toEqual(["unix:///var/lib/kms/barbican-2.sock", "unix:///var/lib/kms/barbican.sock"]);
  expect(files.map(({ path }) => path).filter((path) => path.includes("/manifests/"))).toEqual([
    "/etc/kinvirt/manifests/kms-barbican-2.yaml",
    "/etc/kinvirt/manifests/kms-barbican.yaml",
  ]);
});

test("the table of the CIS benchmark is whole, and says what is generated", () => {
  const rows = readFileSync("docs/cis.md", "utf8")
    .split("\n")
    .filter((line) => /^\| \d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, item = "", , ours = "", where = ""]) => ({ item, ours, where }));
  const numbers = (section: string, last: number) => Array.from({ length: last }, (_, at) => `${section}.${at + 1}`);
  const sections: [string, number][] = [
    ["1.1", 21],
    ["1.2", 30],
    ["1.3", 7],
    ["1.4", 2],
    ["2", 7],
    ["3.1", 3],
    ["3.2", 2],
  ];
  expect(rows.map(({ item }) => item)).toEqual(sections.flatMap(([section, last]) => numbers(section, last)));
  const { apiServer, controllerManager, scheduler } = clusterType.parse(kubeadmOf(bootOf(pki))[1]);
  const flags = [apiServer, controllerManager, scheduler]
    .flatMap(({ extraArgs = [] }) => extraArgs)
    .map(({ name, value }) => `--${name}=${value}`);
  const told = rows.flatMap(({ ours }) => [...ours.matchAll(/`(--[a-z-]+=[^`]+)`/g)].map(([, flag]) => flag));
  expect(told.length).toBeGreaterThan(18);
  expect(told.filter((flag = "") => !flags.includes(flag))).toEqual([]);
});
