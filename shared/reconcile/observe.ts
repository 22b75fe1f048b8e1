import type { StepStatus } from "../cluster/record.ts";
import type { Cloud } from "../openstack/cloud.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { type Kind, nameOf, type Owner, type Seen } from "../resources/kind.ts";
import { type Node, ownerOf } from "../resources/node.ts";
import type { Journal } from "./journal.ts";

export type ClusterRef = Pick<Owner, "cluster" | "name">;

export interface Observation {
  /** Everything that carries the mark and the name of a step, leaving or not. */
  of(step: string): readonly Seen[];
  /** Why a step could not be looked at. */
  trouble(step: string): OpenStackError | undefined;
  /** Taken from the record: the cloud was not asked. */
  recalled(step: string): boolean;
  /** Everything that a listing showed with the cluster's mark, a step's or not, with the kind that can remove it. */
  readonly listed: readonly { readonly kind: Kind<unknown>; readonly seen: Seen }[];
}

type Recalled = Pick<Seen, "id" | "state" | "facts"> & Partial<Pick<Seen, "status">>;

/** What is known of a step without a look, ready unless it says otherwise; undefined: only the cloud knows. */
export type Recall = (status: StepStatus | undefined, n: Node) => Recalled | "nothing" | undefined;

const onlyTheCloudKnows: Recall = () => undefined;

/** How much of the record may be believed. */
export interface Belief {
  readonly recall?: Recall;
  /** What was told to go and is not listed has gone; without it that is asked of the service by id. */
  readonly gone?: boolean;
  /** What is known by its id is asked for its state alone, where its kind can. */
  readonly near?: boolean;
}

/** A look under way. */
interface Look {
  /** What it says of a step is known once that was seen. */
  readonly observation: Observation;
  seen(step: string): Promise<void>;
  /** All was seen. */
  readonly whole: Promise<unknown>;
}

/**
 * One listing per kind, all at once, whatever the number of nodes; then by id for what a listing does not show yet. What can be
 * recalled is not looked at, and a kind whose every step can be is not listed.
 */
export function look(
  cloud: Cloud,
  cluster: ClusterRef,
  graph: readonly Node[],
  journal: Journal,
  { recall = onlyTheCloudKnows, gone = false, near = false }: Belief = {},
): Look {
  const known = new Map(graph.map((n) => [n.step, recall(journal.step(n.step), n)]));
  const open = graph.filter((n) => known.get(n.step) === undefined);
  const isNear = (n: Node): boolean => {
    const { id, state } = journal.step(n.step) ?? {};
    return n.kind.look !== undefined && id !== undefined && state !== "leaving";
  };
  const kinds = [...new Set(open.filter((n) => !near || !isNear(n)).map((n) => n.kind))];
  const troubles = new Map<Kind<unknown>, OpenStackError>();
  const listed = new Map<Kind<unknown>, readonly Seen[]>();
  const list = async (kind: Kind<unknown>): Promise<void> => {
    const found = await attempt(kind.find(cloud, cluster));
    if (found instanceof OpenStackError) troubles.set(kind, found);
    listed.set(kind, found instanceof OpenStackError ? [] : found);
  };
  const listings = new Map(kinds.map((kind) => [kind, list(kind)]));
  const bySteps = new Map<string, readonly Seen[]>();
  const byId = new Map<string, OpenStackError>();
  const find = async (n: Node): Promise<void> => {
    const name = nameOf(ownerOf(cluster, n));
    const recalled = known.get(n.step);
    if (recalled !== undefined) {
      bySteps.set(n.step, recalled === "nothing" ? [] : [{ status: "ready", ...recalled, name }]);
      return;
    }
    await listings.get(n.kind);
    const found = (listed.get(n.kind) ?? []).filter((seen) => seen.name === name);
    const { id, state, facts = {} } = journal.step(n.step) ?? {};
    bySteps.set(n.step, found);
    if (gone && state === "leaving") return;
    if (id === undefined || troubles.has(n.kind) || found.some((seen) => seen.id === id)) return;
    const unlisted = listings.has(n.kind) ? undefined : n.kind.look?.(cloud, cluster, { id, name, facts });
    const late = await attempt(unlisted ?? n.kind.get(cloud, cluster, id));
    if (late instanceof OpenStackError) byId.set(n.step, late);
    else if (late !== undefined) bySteps.set(n.step, [...found, late]);
  };
  const steps = new Map(graph.map((n) => [n.step, find(n)]));
  const whole = Promise.all(steps.values());
  // Who waits for a step is told; nobody may wait for the whole.
  whole.catch(() => undefined);
  const kindOf = new Map(graph.map((n) => [n.step, n.kind]));
  const observation: Observation = {
    of: (step) => bySteps.get(step) ?? [],
    trouble: (step) => {
      const kind = kindOf.get(step);
      return byId.get(step) ?? (kind === undefined ? undefined : troubles.get(kind));
    },
    recalled: (step) => known.get(step) !== undefined,
    get listed() {
      return kinds.flatMap((kind) => (listed.get(kind) ?? []).map((seen) => ({ kind, seen })));
    },
  };
  return { observation, seen: async (step) => steps.get(step), whole };
}

/** The same when all was seen. */
export async function observe(...asked: Parameters<typeof look>): Promise<Observation> {
  const { observation, whole } = look(...asked);
  await whole;
  return observation;
}

/** The cloud's refusals are values here; anything else is a bug and goes up. */
export async function attempt<T>(work: Promise<T>): Promise<T | OpenStackError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OpenStackError) return error;
    throw error;
  }
}
