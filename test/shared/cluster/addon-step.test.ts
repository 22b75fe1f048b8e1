import type { Addon, AddonInput } from "../../../shared/bootstrap/addons/index.ts";
import { addons, manifestHash } from "../../../shared/bootstrap/addons/index.ts";
import { addonKind, addonStep } from "../../../shared/cluster/kubernetes/addon-step.ts";
import type { KubernetesSession } from "../../../shared/cluster/kubernetes/session.ts";
import { KubernetesError } from "../../../shared/kubernetes/errors.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { INPUT } from "../bootstrap/addons/input.ts";

// Goal: an add-on is there when all of it was applied as it should be now and runs; what others changed is put right.
const cluster = { cluster: "k7f3m2q9x1", name: "dev" };
const NAME = "cloud-controller-manager";
const cloud = {} as Cloud;
const input: AddonInput = INPUT;
const found = addons(input).find(({ name }) => name === NAME);
if (found === undefined) throw new Error("there is a cloud controller manager");
const addon: Addon = found;
const HASH = manifestHash(addon.manifests);
const owner = { ...cluster, step: addonStep(NAME) };

function given(of: { mark?: string; have?: number; repair?: boolean; refuse?: number; known?: string } = {}) {
  const applied: { readonly kind: string; readonly mark: string | undefined }[] = [];
  const api = {
    get: async () =>
      of.mark === undefined ? undefined : { metadata: { annotations: { "kinvirt.io/applied": of.mark } } },
    async workload() {
      if (of.have === -1)
        throw new KubernetesError({ method: "GET", path: "/x", status: 503, reason: "No", message: "it is away" });
      return { available: of.have === 1, wanted: 1, have: of.have ?? 0 };
    },
    async apply(manifest: Addon["manifests"][number]) {
      if (of.refuse !== undefined)
        throw new KubernetesError({
          method: "PATCH",
          path: "/x",
          status: of.refuse,
          reason: "No",
          message: "it says no",
        });
      const { annotations } = manifest.metadata as { readonly annotations?: Readonly<Record<string, string>> };
      applied.push({ kind: manifest.kind, mark: annotations?.["kinvirt.io/applied"] });
    },
  };
  const status = () => (of.known === undefined ? undefined : { facts: { hash: of.known } });
  const session = { repair: of.repair === true, status, api: async () => api } as unknown as KubernetesSession;
  const kind = addonKind(session, [addon]);
  const see = async () => {
    const [seen] = await kind.find(cloud, cluster);
    if (seen === undefined) throw new Error("every add-on is seen");
    return seen;
  };
  const made = { times: 0 };
  const spec = {
    async input() {
      made.times += 1;
      return input;
    },
  };
  return { applied, made, see, update: async () => kind.update(cloud, owner, spec, await see()) };
}

test("one that was never applied is applied whole, its mark last, and then waited for", async () => {
  const { applied, see, update } = given();
  expect(await see()).toMatchObject({ status: "pending", state: "not applied yet" });
  expect(await update()).toMatchObject({ status: "pending", state: "applied", facts: { hash: HASH } });
  expect(applied.map(({ kind }) => kind)).toEqual(addon.manifests.map(({ kind }) => kind));
  expect(applied.map(({ mark }) => mark)).toEqual([...Array(applied.length - 1).fill(undefined), HASH]);
});

test("one that does not run yet is waited for by name, and one that runs is left alone", async () => {
  expect(await given({ mark: HASH }).see()).toMatchObject({
    status: "pending",
    state: "waiting for openstack-cloud-controller-manager 0/1",
  });
  const runs = given({ mark: HASH, have: 1 });
  expect(await runs.update()).toMatchObject({ status: "ready", state: "available" });
  expect(runs.applied).toEqual([]);
});

test("what this operation has applied is waited for without its logins being fetched again", async () => {
  const waits = given({ mark: HASH, known: HASH });
  expect(await waits.update()).toMatchObject({ status: "pending" });
  expect([waits.made.times, waits.applied]).toEqual([0, []]);
  const other = given({ mark: "somebody else's", known: HASH });
  expect(await other.update()).toMatchObject({ status: "pending", facts: { hash: HASH } });
  expect(other.applied).toHaveLength(addon.manifests.length);
});

test("one of other contents is applied again, and one that is looked after is applied whatever its mark says", async () => {
  const old = given({ mark: "an older one", have: 1 });
  expect(await old.update()).toMatchObject({ status: "pending", facts: { hash: HASH } });
  expect(old.applied).toHaveLength(addon.manifests.length);
  const known = given({ mark: HASH, have: 1, repair: true, known: HASH });
  expect(await known.update()).toMatchObject({ status: "ready" });
  expect(known.applied).toHaveLength(addon.manifests.length);
  const looked = given({ mark: HASH, have: 1, repair: true });
  expect(await looked.update()).toMatchObject({ status: "ready" });
  expect(looked.applied).toHaveLength(addon.manifests.length);
});

test.each([401, 403, 404, 409, 429, 500, 503])("a refusal that passes by itself (%d) is waited for", async (refuse) => {
  expect(await given({ refuse }).update()).toMatchObject({ status: "pending", state: "not applied yet" });
});

test("a manifest that the API never takes stops for a person, with the API's words", async () => {
  await expect(given({ refuse: 422 }).update()).rejects.toMatchObject({
    detail: { service: "kubernetes", trouble: "invalid", fault: expect.stringContaining("it says no") },
  });
});

test("workloads that could not be looked at do not run", async () => {
  expect(await given({ mark: HASH, have: -1 }).see()).toMatchObject({ status: "pending", state: "not seen" });
});

test("one that runs as it was is not there while what it should be now can't be applied", async () => {
  const behind = given({ mark: "an older one", have: 1, refuse: 503 });
  expect(await behind.update()).toMatchObject({ status: "pending", state: "not applied yet" });
});
