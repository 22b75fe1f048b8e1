import { type Addon, type AddonInput, addons, manifestHash } from "../../bootstrap/addons/index.ts";
import type { KubernetesApi } from "../../kubernetes/api.ts";
import { KubernetesError } from "../../kubernetes/errors.ts";
import { metaShape } from "../../kubernetes/shapes.ts";
import type { Cloud } from "../../openstack/cloud.ts";
import { OpenStackError } from "../../openstack/errors.ts";
import { type Kind, nameOf, type Owner, type Seen } from "../../resources/kind.ts";
import { type KubernetesSession, unlessAway } from "./session.ts";

/** What of an add-on's input needs the cloud: texts that are in Barbican alone. */
export interface AddonSpec {
  input(cloud: Cloud): Promise<AddonInput>;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/** On the last object of an add-on: all of it was applied, and as it should be now. */
const APPLIED = "kinvirt.io/applied";

export const addonStep = (name: string): string => `kubernetes-addon/${name}`;
const nameIn = (step: string): string => step.split("/")[1] ?? "";

const marked = <T extends Addon["manifests"][number]>(manifest: T, hash: string): T => ({
  ...manifest,
  metadata: {
    ...manifest.metadata,
    annotations: {
      ...("annotations" in manifest.metadata ? (manifest.metadata.annotations as object) : {}),
      [APPLIED]: hash,
    },
  },
});

/** A refusal as people read it. What a Secret holds is never repeated by the client. */
const refusal = ({ failure }: KubernetesError): OpenStackError =>
  new OpenStackError({
    service: "kubernetes",
    method: failure.method,
    path: failure.path,
    fault: `the Kubernetes API says ${failure.reason}: ${failure.message}`,
    trouble: "invalid",
  });

async function available(api: KubernetesApi, addon: Addon): Promise<string | undefined> {
  const looks = await Promise.all(
    addon.workloads.map(async (one) => {
      const look = await api.workload(one);
      return look?.available === true ? [] : [`${one.name} ${look?.have ?? 0}/${look?.wanted ?? "?"}`];
    }),
  );
  return looks.flat()[0];
}

/**
 * One add-on: manifests that are applied on the server's side, so that what others changed of ours becomes as it was, and
 * workloads that must be available. `outline` has the same names and no secrets.
 */
export function addonKind(session: KubernetesSession, outline: readonly Addon[]): Kind<AddonSpec> {
  const seen = (cluster: Cluster, name: string, more: Partial<Seen> & Pick<Seen, "status" | "state">): Seen => ({
    id: addonStep(name),
    name: nameOf({ ...cluster, step: addonStep(name) }),
    facts: {},
    ...more,
  });

  async function see(cloud: Cloud, cluster: Cluster, addon: Addon): Promise<Seen> {
    const api = await session.api(cloud);
    const last = addon.manifests.at(-1);
    if (api === undefined || last === undefined)
      return seen(cluster, addon.name, { status: "pending", state: "not applied yet" });
    const { apiVersion, kind, metadata } = last;
    const namespace = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
    const found = await unlessAway(api.get({ apiVersion, kind, name: metadata.name, ...namespace }, metaShape));
    const hash = found?.metadata.annotations[APPLIED];
    if (hash === undefined) return seen(cluster, addon.name, { status: "pending", state: "not applied yet" });
    const lacks = await unlessAway(available(api, addon).then((text) => text ?? ""));
    const state = lacks === "" ? "available" : lacks === undefined ? "not seen" : `waiting for ${lacks}`;
    return seen(cluster, addon.name, { status: lacks === "" ? "ready" : "pending", state, facts: { hash } });
  }

  const look: Kind<AddonSpec>["find"] = (cloud, cluster) =>
    Promise.all(outline.map((addon) => see(cloud, cluster, addon)));

  /** All are of one input, so what it comes to is worked out once in a pass. */
  let made: { readonly of: string; readonly all: readonly Addon[] } | undefined;
  function addonsOf(input: AddonInput): readonly Addon[] {
    const of = JSON.stringify(input);
    if (made?.of !== of) made = { of, all: addons(input) };
    return made.all;
  }

  async function apply(api: KubernetesApi, addon: Addon, hash: string): Promise<void> {
    for (const [at, manifest] of addon.manifests.entries())
      await api.apply(at === addon.manifests.length - 1 ? marked(manifest, hash) : manifest);
  }

  return {
    kind: "kubernetes-addon",
    find: look,
    get: async (cloud, cluster, id) => (await look(cloud, cluster)).find((one) => one.id === id),
    create: async (_cloud, owner) => seen(owner, nameIn(owner.step), { status: "pending", state: "not applied yet" }),
    async update(cloud, owner, spec, now) {
      const applied = session.status(owner.step)?.facts["hash"];
      // Ours, as the record has it from this very operation: what it is made of need not be fetched to see that.
      if (applied !== undefined && applied === now.facts["hash"] && !session.repair) return now;
      const api = await session.api(cloud);
      const addon = addonsOf(await spec.input(cloud)).find(({ name }) => name === nameIn(owner.step));
      if (api === undefined || addon === undefined) return now;
      const hash = manifestHash(addon.manifests);
      if (now.facts["hash"] === hash && !session.repair) return now;
      try {
        await apply(api, addon, hash);
      } catch (error) {
        const again = await unlessAway(Promise.reject(error)).catch(() => "refused");
        if (again === undefined) return { ...now, status: "pending", state: "not applied yet" };
        throw error instanceof KubernetesError ? refusal(error) : error;
      }
      return now.facts["hash"] === hash ? now : { ...now, status: "pending", state: "applied", facts: { hash } };
    },
    remove: async () => undefined,
  };
}
