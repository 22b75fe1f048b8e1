import type { StepStatus } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError, type Trouble } from "../../../shared/openstack/errors.ts";
import type { Journal } from "../../../shared/reconcile/journal.ts";
import { type Kind, type KindName, nameOf, type Seen } from "../../../shared/resources/kind.ts";

export const noCloud = {} as Cloud;
export const cluster = { cluster: "k7f3m2q9x1", name: "dev" };

export const refusal = (trouble: Trouble, fault: string = trouble) =>
  new OpenStackError({ service: "network", method: "POST", path: "/things", fault, trouble });

type Thing = { -readonly [K in keyof Seen]: Seen[K] };

export interface FakeKind extends Kind<{ readonly of?: string }> {
  readonly things: Thing[];
  readonly calls: string[];
  /** Each is taken by the next create: an error before the effect, or after it. */
  readonly lose: { when: "before" | "after"; error: OpenStackError }[];
  firstStatus: Seen["status"];
  hidden: boolean;
}

/** A kind over an array: creates at `firstStatus`, deletes slowly (`leaving` until the test drops it). */
export function fakeKind(kind: KindName): FakeKind {
  const things: Thing[] = [];
  const self: FakeKind = {
    kind,
    things,
    calls: [],
    lose: [],
    firstStatus: "ready",
    hidden: false,
    find: async () => (self.hidden ? [] : things.map((thing) => ({ ...thing }))),
    get: async (_cloud, _cluster, id) => things.find((thing) => thing.id === id),
    async create(_cloud, owner) {
      self.calls.push(`create ${owner.step}`);
      const lost = self.lose.shift();
      if (lost?.when === "before") throw lost.error;
      const id = `${kind}-${self.calls.length}`;
      const thing: Thing = { id, name: nameOf(owner), status: self.firstStatus, state: "X", facts: {} };
      things.push(thing);
      if (lost?.when === "after") throw lost.error;
      return { ...thing };
    },
    update: async (_cloud, _owner, _spec, seen) => seen,
    async remove(_cloud, seen) {
      self.calls.push(`remove ${seen.id}`);
      const thing = things.find((one) => one.id === seen.id);
      if (thing !== undefined) thing.status = "leaving";
    },
  };
  return self;
}

export function fakeJournal(steps: Record<string, StepStatus> = {}) {
  const writes: Record<string, StepStatus>[] = [];
  const journal: Journal & { readonly held: Record<string, StepStatus>; readonly writes: typeof writes } = {
    held: steps,
    writes,
    step: (step) => steps[step],
    steps: () => Object.keys(steps),
    async write(changes) {
      writes.push({ ...changes });
      Object.assign(steps, changes);
    },
  };
  return journal;
}
