import type { NodeBoot } from "../bootstrap/boot.ts";
import { kmsConf } from "../bootstrap/kms-conf.ts";
import { bootUserData, nodePayload } from "../bootstrap/node.ts";
import { caCertHash, fetchSecret, newPki, pkiText, readPki } from "../bootstrap/pki.ts";
import { kubernetesVersion } from "../bootstrap/versions.ts";
import type { Cloud } from "../openstack/cloud.ts";
import { payloadRules } from "../resources/access-rules.ts";
import { credential } from "../resources/credential.ts";
import { nameOf } from "../resources/kind.ts";
import { type From, type Node, node } from "../resources/node.ts";
import { secret } from "../resources/secret.ts";
import type { GraphInput, Ground } from "./graph.ts";
import { kubernetesRanges } from "./kuryr.ts";
import { API_PORT, apiHost, type Member } from "./names.ts";

/** How long a node may fetch what is its own. */
const FETCH_MS = 3_600_000;
const SEED_CHARS = 48;

export const PKI_STEP = "secret/pki";
/** Where a machine finds the API. One that goes needs no way there any more: that goes at the same time. */
const placeOf = ({ leaving }: GraphInput) => (leaving === true ? [] : ["load-balancer/api", "floating-ip/api"]);

/** The cluster's authorities: made here, kept in Barbican alone, read by nobody but us. */
export const authorities = ({ cluster, nowMs, text, token }: Ground): Node =>
  node(
    PKI_STEP,
    secret,
    () => ({
      payload: async () => pkiText(await newPki({ cluster, nowMs: nowMs(), seed: token(SEED_CHARS) })),
      stored: text.stored,
    }),
    { holdsSince: PKI_STEP },
  );

const pkiOf = async ({ text }: Ground, cloud: Cloud, from: From) =>
  readPki(await text(cloud, from.of(PKI_STEP).facts["href"] ?? ""));

const serverName = ({ cluster, spec }: GraphInput, { name }: Member): string =>
  nameOf({ cluster, name: spec.name, step: `server/${name}` });

/** All that is known of a node's boot but the way to its payload. */
function outline(input: GraphInput, member: Member, from: From): Omit<NodeBoot, "caCertHash" | "fetch"> {
  const { cluster, spec, resolved } = input;
  return {
    hostname: serverName(input, member),
    role: member.role,
    first: member.role === "control-plane" && member.at === 1,
    address: from.of(`port/${member.name}`).facts["address"] ?? "",
    version: kubernetesVersion(spec.version),
    clusterName: spec.name,
    clusterId: cluster,
    endpoint: {
      name: apiHost(spec, resolved.zone.name),
      port: API_PORT,
      vip: from.of("load-balancer/api").facts["vip"] ?? "",
      floatingIp: from.of("floating-ip/api").facts["address"] ?? "",
    },
    cidrs: kubernetesRanges(input),
    cni: spec.cni,
    ...(resolved.registry === undefined ? {} : { registry: resolved.registry }),
    ...(resolved.packages === undefined ? {} : { packages: resolved.packages }),
  };
}

/** What of the node's payload and its user-data differs is only how it is reached. */
const NOWHERE = { authUrl: "", credentialId: "", credentialSecret: "", payloadHref: "" };

async function kmsConfig({ text }: Ground, cloud: Cloud, from: From): Promise<string> {
  const { authUrl, region } = await cloud.scope();
  const held = await text(cloud, from.of("secret/kms").facts["href"] ?? "");
  const login = { id: from.of("credential/kms").id, secret: held };
  const trust = cloud.caCertificate === undefined ? {} : { caCertificate: cloud.caCertificate };
  return kmsConf({ authUrl, region, ...trust }, login, from.of("key/kms").facts["secretId"] ?? "");
}

/** Its Barbican payload and the hour's credential that can read it and nothing else: gone once the node is in. */
export function fetching(input: Ground, member: Member, until: string): readonly Node[] {
  const { resolved, nowMs } = input;
  const { name, role, at } = member;
  const temporary = { madeFor: `server/${name}`, until };
  const plane = role === "control-plane";
  // A control plane joins etcd, which takes one new member at a time.
  const joins = input.kubernetes !== undefined && input.leaving !== true;
  const before = joins && plane && at > 1 ? [`kubernetes-node/control-plane-${at - 1}`] : [];
  const keys = plane ? ["secret/kms", "credential/kms", "key/kms"] : [];
  return [
    node(
      `secret/${name}`,
      secret,
      (from) => ({
        async payload(cloud) {
          const pki = await pkiOf(input, cloud, from);
          const boot = { ...outline(input, member, from), caCertHash: caCertHash(pki.ca.certificate), fetch: NOWHERE };
          const kms = plane ? { kmsCloudConf: await kmsConfig(input, cloud, from) } : {};
          return nodePayload({ pki, boot, nowMs: nowMs(), ...kms });
        },
      }),
      { needs: [PKI_STEP, `port/${name}`, ...keys, ...before], exists: placeOf(input), temporary },
    ),
    node(
      `credential/${name}`,
      credential,
      (from) => {
        const payload = from.of(`secret/${name}`).id;
        return {
          secret: async (cloud) =>
            fetchSecret((await pkiOf(input, cloud, from)).seed, serverName(input, member), payload),
          roles: resolved.roles,
          accessRules: payloadRules(resolved.prefixes, payload),
          expiresAt: new Date(nowMs() + FETCH_MS).toISOString(),
        };
      },
      { needs: [PKI_STEP, `secret/${name}`], temporary },
    ),
  ];
}

/** What `server/<name>` names so that its user-data can be made. */
export const bootNeeds = (input: GraphInput, { name }: Member) => ({
  needs: [PKI_STEP, `port/${name}`, `secret/${name}`, `credential/${name}`],
  exists: placeOf(input),
});

export const userDataOf =
  (input: Ground, member: Member, from: From) =>
  async (cloud: Cloud): Promise<Buffer> => {
    const { ca, seed } = await pkiOf(input, cloud, from);
    const { id } = from.of(`secret/${member.name}`);
    const { authUrl } = await cloud.scope();
    // Not Barbican's own href: the host in it may be known inside the cloud only.
    const { url } = await cloud.locate("key-manager");
    const fetch = {
      authUrl,
      ...(cloud.caCertificate === undefined ? {} : { caCertificate: cloud.caCertificate }),
      credentialId: from.of(`credential/${member.name}`).id,
      credentialSecret: fetchSecret(seed, serverName(input, member), id),
      payloadHref: `${url}/secrets/${id}`,
    };
    return bootUserData({ ...outline(input, member, from), caCertHash: caCertHash(ca.certificate), fetch });
  };
