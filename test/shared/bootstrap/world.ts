import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import type { NodeBoot, NodeFile } from "../../../shared/bootstrap/boot.ts";
import { bootUserData } from "../../../shared/bootstrap/node.ts";
import { caCertHash, newPki, type Pki } from "../../../shared/bootstrap/pki.ts";

export const NOW = Date.parse("2026-11-25T12:00:00Z");
export const VERSIONS = ["1.35", "1.36"] as const;
export const CNIS = ["calico", "cilium", "kuryr"] as const;
/** Control planes and workers. */
export const SIZES = [
  [1, 2],
  [3, 3],
] as const;
export const PROVIDERS = ["ovn", "amphora"] as const;

let made: Promise<Pki> | undefined;
export const testPki = (): Promise<Pki> => {
  made ??= newPki({ cluster: "c-7f3a", nowMs: NOW, seed: "a-seed-of-chance" });
  return made;
};

const vips = { ovn: "10.20.0.5", amphora: "10.20.0.6" };

/** `control-plane-1` of a cluster unless said otherwise. */
export function bootOf(pki: Pki, with_: Partial<NodeBoot> & { provider?: "ovn" | "amphora" } = {}): NodeBoot {
  const { provider = "ovn", ...rest } = with_;
  return {
    hostname: "kinvirt-dev-c-7f3a-control-plane-1",
    role: "control-plane",
    first: true,
    address: "10.20.0.11",
    version: "1.36",
    clusterName: "dev",
    clusterId: "c-7f3a",
    endpoint: { name: "api.dev.k8s.example.org", port: 6443, vip: vips[provider], floatingIp: "203.0.113.9" },
    caCertHash: caCertHash(pki.ca.certificate),
    fetch: {
      authUrl: "https://keystone.example.org/v3",
      credentialId: "0123456789abcdef0123456789abcdef",
      credentialSecret: "the-one-hour-secret",
      payloadHref: "https://barbican.example.org/v1/secrets/5f0c1bd5-4b1d-4b5a-9a39-0e6b1c1f9b6e",
    },
    cidrs: { nodes: "10.20.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" },
    cni: "calico",
    ...rest,
  };
}

/** Every node of a cluster. */
export function cluster(
  pki: Pki,
  size: readonly [number, number],
  with_: Parameters<typeof bootOf>[1] = {},
): NodeBoot[] {
  const node = (role: NodeBoot["role"], at: number) =>
    bootOf(pki, {
      ...with_,
      role,
      first: role === "control-plane" && at === 1,
      hostname: `kinvirt-dev-c-7f3a-${role}-${at}`,
      address: `10.20.0.${(role === "worker" ? 20 : 10) + at}`,
    });
  const each = (role: NodeBoot["role"], count: number) => Array.from({ length: count }, (_, at) => node(role, at + 1));
  return [...each("control-plane", size[0]), ...each("worker", size[1])];
}

export const userDataText = (boot: NodeBoot): string => gunzipSync(bootUserData(boot)).toString("utf8");

/** What cloud-init would write. */
export function filesOf(userData: string): readonly NodeFile[] {
  const config = JSON.parse(userData.slice(userData.indexOf("\n"))) as {
    write_files: readonly { path: string; permissions: NodeFile["mode"]; content: string }[];
  };
  return config.write_files.map(({ path, permissions, content }) => ({ path, mode: permissions, content }));
}

/** What a Barbican secret of ours holds. */
export const payloadFiles = (text: string): readonly NodeFile[] => JSON.parse(text).files;

/** What a program of this machine says; a refusal throws. */
export const ask = (program: string, args: readonly string[], input?: string | Buffer): Buffer =>
  execFileSync(program, args, { stdio: ["pipe", "pipe", "pipe"], ...(input === undefined ? {} : { input }) });

/** Runs only where the program is. Naming it in the environment (`OPENSSL=openssl`) makes its absence a failure. */
export function testWith(program: string): jest.It {
  const named = process.env[program.toUpperCase().replaceAll("-", "_")] !== undefined;
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return test;
  } catch {
    return named ? test : test.skip;
  }
}
