import { isTrouble } from "../../shared/openstack/errors.ts";
import { nameOf } from "../../shared/resources/kind.ts";
import type { KindCase, Prepared } from "./kind-case.ts";
import type { TestWorld } from "./world.ts";

type Run = (world: TestWorld, specs: Prepared<unknown>, about: KindCase) => Promise<void>;

const ids = (seen: readonly { readonly id: string }[]) => seen.map(({ id }) => id).sort();

const gone = (world: TestWorld, { kind }: KindCase, id: string) =>
  world.until(`${kind.kind} is gone`, async () => {
    const [listed, got] = [await world.found(kind, 0), await kind.get(world.cloud, world.cluster, id)];
    return listed.length === 0 && got === undefined ? true : undefined;
  });

async function created(world: TestWorld, { kind, step }: KindCase, spec: unknown) {
  const seen = await world.make(kind, step, spec);
  expect(seen).toMatchObject({ status: "ready", name: nameOf({ ...world.cluster, step }) });
  const [listed] = await world.found(kind, 1);
  expect(listed).toMatchObject({ id: seen.id, name: seen.name, facts: seen.facts });
}

/** `update` on what a listing shows now, and how many requests that may change something it sent. */
async function updated(world: TestWorld, { kind, step }: KindCase, spec: unknown) {
  const [listed] = await world.found(kind, 1);
  if (listed === undefined) throw new Error("found says one and shows none");
  const before = world.tap.writes();
  const seen = await kind.update(world.cloud, { ...world.cluster, step }, spec, listed);
  return { seen, writes: world.tap.writes() - before };
}

async function settled(world: TestWorld, about: KindCase, spec: unknown): Promise<void> {
  expect(await updated(world, about, spec)).toMatchObject({ seen: { status: "ready" }, writes: 0 });
}

async function converges(world: TestWorld, about: KindCase, spec: unknown): Promise<void> {
  const [listed] = await world.found(about.kind, 1);
  if (listed === undefined) throw new Error("found says one and shows none");
  await world.follow(about.kind, about.step, spec, listed);
  await settled(world, about, spec);
}

/** Every kind passes these. */
const always: Readonly<Record<string, Run>> = {
  "create-minimal": (world, specs, about) => created(world, about, specs.minimal),
  "create-full": (world, specs, about) => created(world, about, specs.full),
  async adopt(world, { full }, about) {
    const { kind, step } = about;
    world.owns(kind);
    world.tap.loseNextAnswer();
    await expect(kind.create(world.cloud, { ...world.cluster, step }, full)).rejects.toMatchObject({
      trouble: "retry",
    });
    await converges(world, about, full);
  },
  async ambiguous(world, { minimal, twin }, { kind, step, unique }) {
    const owner = { ...world.cluster, step };
    world.owns(kind);
    const first = await kind.create(world.cloud, owner, minimal);
    const second = await kind.create(world.cloud, owner, twin ?? minimal).catch((error: unknown) => {
      if (unique === true && isTrouble(error, "conflict", "invalid")) return undefined;
      throw error;
    });
    expect(second === undefined).toBe(unique === true);
    const made = second === undefined ? [first] : [first, second];
    expect(ids(await world.found(kind, made.length))).toEqual(ids(made));
  },
  async stranger(world, { minimal }, { kind, step, markIsName }) {
    // The stranger's id begins with ours, and unless the name is the mark its resource has the very name of ours.
    const id = world.cluster.cluster;
    const ours = world.fork({ cluster: id, name: `conf-${id}1` });
    const theirs = world.fork({ cluster: markIsName === true ? `${id}1` : `${id}1-${id}`, name: "conf" });
    const name = nameOf({ ...theirs.cluster, step });
    expect(name === nameOf({ ...ours.cluster, step })).toBe(markIsName !== true);
    const stranger = await theirs.make(kind, step, minimal);
    ours.owns(kind);
    expect(await kind.find(ours.cloud, ours.cluster)).toEqual([]);
    expect(await kind.get(ours.cloud, ours.cluster, stranger.id)).toBeUndefined();
    await ours.cleanUp();
    expect(await kind.get(theirs.cloud, theirs.cluster, stranger.id)).toMatchObject({ id: stranger.id, name });
  },
  async update(world, { full, changed }, about) {
    await world.make(about.kind, about.step, full);
    await settled(world, about, full);
    if (changed === undefined) return;
    await converges(world, about, changed);
    await converges(world, about, full);
  },
  async late(world, { full, incomplete }, about) {
    const { kind, step } = about;
    world.owns(kind);
    await kind.create(world.cloud, { ...world.cluster, step }, incomplete ?? full);
    await world.found(kind, 1);
    if (incomplete !== undefined) {
      await world.settle();
      expect(await updated(world, about, incomplete)).toMatchObject({ seen: { status: "pending" } });
    }
    world.tap.loseNextAnswer();
    await converges(world, about, full);
  },
  async remove(world, { minimal }, about) {
    const seen = await world.make(about.kind, about.step, minimal);
    await about.kind.remove(world.cloud, seen);
    await gone(world, about, seen.id);
    await about.kind.remove(world.cloud, seen);
  },
  async "remove-missing"(world, { minimal }, about) {
    const seen = await world.make(about.kind, about.step, minimal);
    world.tap.loseNextAnswer();
    // The lost answer has a DELETE sent again: by then it is missing, or on its way out and refuses changes. PATCH and
    // POST are never sent again.
    await about.kind.remove(world.cloud, seen).catch((error: unknown) => {
      if (!isTrouble(error, "conflict", "retry")) throw error;
    });
    await gone(world, about, seen.id);
  },
  async get(world, { minimal }, about) {
    const { kind, step } = about;
    const seen = await world.make(kind, step, minimal);
    expect(await kind.get(world.cloud, world.cluster, seen.id)).toMatchObject({ id: seen.id, name: seen.name });
    expect(await kind.get(world.cloud, world.fork().cluster, seen.id)).toBeUndefined();
    await world.cleanUp();
    expect(await kind.get(world.cloud, world.cluster, seen.id)).toBeUndefined();
  },
};

/** Those of which a kind says that they can happen to it. */
function sometimes({ kind, use, disturb }: KindCase): Readonly<Record<string, Run>> {
  const runs: Record<string, Run> = {};
  if (kind.createAll !== undefined) {
    runs["create-all"] = async (world, { full }, { step }) => {
      world.owns(kind);
      const wanted = ["a", "b", "c"].map((suffix) => ({
        owner: { ...world.cluster, step: `${step}-${suffix}` },
        spec: full,
      }));
      const made = await kind.createAll?.(world.cloud, wanted);
      expect(made?.map(({ name }) => name)).toEqual(wanted.map(({ owner }) => nameOf(owner)));
      expect(ids(await world.found(kind, 3))).toEqual(ids(made ?? []));
    };
  }
  if (use !== undefined) {
    runs["dependency"] = async (world, { full }, { step }) => {
      const seen = await world.make(kind, step, full);
      await use(world, seen);
      await expect(kind.remove(world.cloud, seen)).rejects.toMatchObject({ trouble: "conflict" });
      expect(await kind.get(world.cloud, world.cluster, seen.id)).toMatchObject({ id: seen.id, status: "ready" });
    };
  }
  if (disturb !== undefined) {
    runs["drift"] = async (world, { full }, about) => {
      await disturb(world, await world.make(kind, about.step, full));
      await converges(world, about, full);
    };
  }
  return runs;
}

/** What every kind does in whatever cloud: `where` heads the report's column. */
export function kindSuite(where: string, cases: readonly KindCase[], start: () => Promise<TestWorld>): void {
  describe.each(cases.map((about) => [about.name, about] as const))(`${where} %s`, (_name, about) => {
    let world: TestWorld | undefined;
    let specs: Prepared<unknown> | undefined;

    beforeAll(async () => {
      world = await start();
      specs = await about.prepare(world);
    });
    afterAll(() => world?.cleanUp());

    test.each(Object.entries({ ...always, ...sometimes(about) }))("%s", async (_scenario, run) => {
      if (world === undefined || specs === undefined) throw new Error("the preparation failed: see the first error");
      const own = world.fork();
      try {
        await run(own, about.ownGround === true ? await about.prepare(own) : specs, about);
      } finally {
        await own.cleanUp();
      }
    });
  });
}
