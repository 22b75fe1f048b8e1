import { X509Certificate } from "node:crypto";
import { pkiText } from "../../../shared/bootstrap/pki.ts";
import { kubernetesSession } from "../../../shared/cluster/kubernetes/session.ts";
import type { KubernetesAccess, KubernetesSend } from "../../../shared/kubernetes/send.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { NOW, testPki } from "../bootstrap/world.ts";

// Goal: the way into a cluster is its own, with a certificate that RBAC can take away and that ends within the hour.
const KEY = "k7f3m2q9x1 203.0.113.9";

async function entering(facts: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const pki = await testPki();
  const dialled: string[] = [];
  const accesses: KubernetesAccess[] = [];
  const lines: KubernetesSend[] = [];
  const asked: string[] = [];
  const line = (): KubernetesSend => async () => ({ status: 200, body: "{}" });
  const cloud = {
    keyManager: {
      getPayload: async (href: string) => {
        asked.push(href);
        return pkiText(pki);
      },
    },
  } as unknown as Cloud;
  const session = kubernetesSession("k7f3m2q9x1", "api.dev.k8s.example.org", {
    dialer: {
      async connect(key, access) {
        dialled.push(key);
        if (lines.length === 0) accesses.push(await access());
        const last = lines.at(-1) ?? line();
        if (lines.length === 0) lines.push(last);
        return last;
      },
      urlOf: async () => "",
    },
    status: (step) =>
      facts[step] === undefined ? undefined : { state: "ready", recreated: false, facts: facts[step] },
    repair: false,
    startedMs: 0,
    nowMs: () => NOW,
  });
  const renew = () => void lines.push(line());
  return { session, cloud, dialled, accesses, asked, renew, pki };
}
const KNOWN = { "floating-ip/api": { address: "203.0.113.9" }, "secret/pki": { href: "https://b/secrets/s1" } };

test("it is dialled at its address, believed by its own authority alone, and entered as an administrator for an hour", async () => {
  const { session, cloud, dialled, accesses, asked, pki } = await entering(KNOWN);
  expect(await session.api(cloud)).toBeDefined();
  expect([dialled, asked]).toEqual([[KEY], ["https://b/secrets/s1"]]);
  const [access] = accesses;
  if (access === undefined) throw new Error("it was dialled");
  expect(access).toMatchObject({ address: "203.0.113.9", port: 6443, serverName: "api.dev.k8s.example.org" });
  expect(access.ca).toBe(pki.ca.certificate);
  const certificate = new X509Certificate(access.certificate);
  expect(certificate.subject).toBe("O=kubeadm:cluster-admins\nCN=kinvirt");
  expect(Date.parse(certificate.validTo)).toBe(NOW + 3_600_000);
});

test("what a line has taught serves as long as that line, and no longer", async () => {
  const { session, cloud, renew } = await entering(KNOWN);
  const first = await session.api(cloud);
  expect(await session.api(cloud)).toBe(first);
  renew();
  expect(await session.api(cloud)).not.toBe(first);
});

test.each([
  ["its address", { "secret/pki": { href: "x" } }],
  ["its authority", { "floating-ip/api": { address: "203.0.113.9" } }],
])("nobody is dialled before %s is known", async (_what, facts) => {
  const { session, cloud, dialled } = await entering(facts);
  expect(await session.api(cloud)).toBeUndefined();
  expect(dialled).toEqual([]);
});
