import type { KubernetesApi } from "../../kubernetes/api.ts";
import type { Cloud } from "../../openstack/cloud.ts";
import {
  claimShare,
  claimSnapshot,
  claimVolume,
  externalRecord,
  leftStep,
  serviceAddress,
  serviceBalancer,
  serviceSecret,
  serviceSecurityGroup,
} from "../../resources/by-cluster.ts";
import { type Kind, type KindName, nameOf, type Owner, type Seen } from "../../resources/kind.ts";
import { type Node, node } from "../../resources/node.ts";
import { podPort } from "../../resources/pod-port.ts";
import type { GraphInput } from "../graph.ts";
import { hasKuryr, kuryrGround } from "../kuryr.ts";
import { loginOf, members, serverStep } from "../names.ts";
import { hasShares } from "../plan.ts";
import { type KubernetesSession, unlessAway } from "./session.ts";

const CONTENT_STEP = "kubernetes-content";
/** How long the cluster may take to clean up after itself. What it leaves is removed from outside. */
const CONTENT_MS_MAX = 3 * 60_000;

interface Content {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace: string;
}

async function contents(api: KubernetesApi, keepData: boolean): Promise<readonly Content[]> {
  const [services, ingresses, claims] = await Promise.all([
    api.listLoadBalancerServices(),
    api.listIngresses(),
    keepData ? [] : api.listClaims(),
  ]);
  const of = (
    kind: string,
    apiVersion: string,
    all: readonly { metadata: { name: string; namespace?: string | undefined } }[],
  ) => all.map(({ metadata: { name, namespace = "default" } }) => ({ kind, apiVersion, name, namespace }));
  return [
    ...of("Service", "v1", services),
    ...of("Ingress", "networking.k8s.io/v1", ingresses),
    ...of("PersistentVolumeClaim", "v1", claims),
  ];
}

/**
 * What keeps things in the cloud alive, deleted through the cluster's own API while it answers: its controllers know best
 * what belongs to it. One that answers no more, or does not come to an end, is swept from outside.
 */
function contentKind(session: KubernetesSession, keepData: boolean): Kind<Readonly<Record<string, never>>> {
  const asked = async (cloud: Cloud): Promise<{ api: KubernetesApi; found: readonly Content[] } | undefined> => {
    if (session.nowMs() - session.startedMs > CONTENT_MS_MAX) return undefined;
    return unlessAway(
      (async () => {
        const api = await session.api(cloud);
        return api === undefined ? undefined : { api, found: await contents(api, keepData) };
      })(),
    );
  };
  const look = async (cloud: Cloud, cluster: Pick<Owner, "cluster" | "name">): Promise<readonly Seen[]> => {
    const found = (await asked(cloud))?.found ?? [];
    if (found.length === 0) return [];
    const state = `${found.length} Services, Ingresses and claims`;
    return [{ id: CONTENT_STEP, name: nameOf({ ...cluster, step: CONTENT_STEP }), status: "ready", state, facts: {} }];
  };
  return {
    kind: "kubernetes-content",
    foreign: true,
    find: look,
    get: async (cloud, cluster) => (await look(cloud, cluster))[0],
    create: async (_cloud, owner) => ({
      id: CONTENT_STEP,
      name: nameOf(owner),
      status: "ready",
      state: "",
      facts: {},
    }),
    update: async (_cloud, _owner, _spec, seen) => seen,
    async remove(cloud) {
      const { api, found } = (await asked(cloud)) ?? { found: [] };
      for (const one of found) await unlessAway(api?.remove(one) ?? Promise.resolve(true));
    },
  };
}

/** The deletion's first and last steps: what the cluster made of its own, and after its servers what is left of that. */
export function leftovers(
  { spec, resolved, keepData, renewals }: GraphInput,
  session: KubernetesSession,
): readonly Node[] {
  const servers = members(spec).map(({ name }) => serverStep(name));
  const plain = [serviceBalancer, serviceAddress, serviceSecurityGroup, serviceSecret, externalRecord];
  const ground = ["network", "subnet", ...(hasKuryr(spec) ? ["router", ...kuryrGround(spec)] : [])];
  const data = [
    ...(hasShares(resolved) ? [claimShare] : []),
    ...(resolved.blockStorageType === undefined ? [] : [claimVolume, claimSnapshot]),
  ];
  const kinds = [...plain, ...(hasKuryr(spec) ? [podPort] : []), ...(keepData === true ? [] : data)];
  /** An address that is there keeps the router alone, and is looked for at once: the router refuses to go before a later one. */
  const isEarly = (kind: KindName) => kind === "service-address" && !hasKuryr(spec);
  const whenOf = (kind: KindName) => {
    if (isEarly(kind)) return { needs: ["router"] };
    const before = kind === "claim-snapshot" ? [leftStep("claim-volume")] : [];
    return { needs: [...ground, ...before], makers: servers };
  };
  const count = renewals?.count ?? 0;
  // What removes its own things needs its logins for that.
  const users = [loginOf("controllers", count), ...(data.length === 0 ? [] : [loginOf("storage", count)])];
  const logins = users.flatMap((user) => [`credential/${user}`, `secret/${user}`]);
  const way = ["load-balancer/api", "floating-ip/api", "secret/pki", ...logins];
  const left = kinds.map(({ kind }) => leftStep(kind));
  return [
    ...kinds.map((kind) => node(leftStep(kind.kind), kind, () => ({}), whenOf(kind.kind))),
    node(CONTENT_STEP, contentKind(session, keepData === true), () => ({}), {
      needs: [...servers, ...way, ...left],
      answerers: members(spec)
        .filter(({ role }) => role === "control-plane")
        .map(({ name }) => serverStep(name)),
    }),
  ];
}
