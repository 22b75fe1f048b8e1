import type { Cloud } from "../../shared/openstack/cloud.ts";
import { isTrouble } from "../../shared/openstack/errors.ts";
import type { Send } from "../../shared/openstack/send.ts";
import type { Kind, Owner, Seen } from "../../shared/resources/kind.ts";
import type { World } from "./kind-case.ts";

const TRIES_MAX = 300;

/** What goes over the wire, counted, and losable. */
export interface Tap {
  readonly send: Send;
  /** Requests so far that may change something. */
  writes(): number;
  /** The next request that may change something is carried out, but its answer never comes. */
  loseNextAnswer(): void;
}

export function tap(send: Send): Tap {
  let writes = 0;
  let losing = false;
  return {
    async send(request) {
      const response = await send(request);
      if (["GET", "HEAD"].includes(request.method) || request.url.endsWith("/auth/tokens")) return response;
      writes += 1;
      if (!losing) return response;
      losing = false;
      throw new Error("connection reset");
    },
    writes: () => writes,
    loseNextAnswer() {
      losing = true;
    },
  };
}

/** A cloud, its wire and its time. */
export interface Ground {
  readonly cloud: Cloud;
  readonly tap: Pick<Tap, "writes" | "loseNextAnswer">;
  settle(): Promise<void>;
  /** `[a-z0-9]+`, never the same twice. */
  newId(): string;
}

export interface TestWorld extends World {
  readonly tap: Ground["tap"];
  /** Another cluster in the same cloud, cleaned up with this one. */
  fork(cluster?: Pick<Owner, "cluster" | "name">): TestWorld;
  /** Has `cleanUp` remove what this cluster has of a kind. */
  owns(kind: Kind<never>): void;
  /** Follows what was seen until it is ready, as the reconciler does. */
  follow<Spec, S extends Seen>(kind: Kind<Spec, S>, step: string, spec: Spec, seen: S): Promise<S>;
  /** Resolves once a listing shows `count` of a kind. */
  found<S extends Seen>(kind: Kind<never, S>, count: number): Promise<readonly S[]>;
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
}

export function testWorld(ground: Ground, cluster = { cluster: ground.newId(), name: "conf" }): TestWorld {
  const { cloud, settle } = ground;
  const owned: Kind<never>[] = [];
  const forks: TestWorld[] = [];

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const seen = await look().catch((error: unknown) => {
        if (isTrouble(error, "conflict", "retry")) return undefined;
        throw error;
      });
      if (seen !== undefined) return seen;
      await settle();
    }
    throw new Error(`waited too long: ${what}`);
  }

  function follow<Spec, S extends Seen>(kind: Kind<Spec, S>, step: string, spec: Spec, first: S): Promise<S> {
    let seen: S | undefined = first;
    return until(`${step} is ready`, async () => {
      // As the reconciler: an update that ended in an error is followed by a new look, never by the same update.
      const before = seen ?? (await kind.get(cloud, cluster, first.id)) ?? first;
      seen = undefined;
      const now = await kind.update(cloud, { ...cluster, step }, spec, before);
      if (now.status === "failed") throw new Error(`${step} failed: ${now.state}: ${now.fault}`);
      return now.status === "ready" ? now : undefined;
    });
  }

  async function removeAll(kind: Kind<never>): Promise<true | undefined> {
    const found = await kind.find(cloud, cluster);
    for (const seen of found) if (seen.status !== "leaving") await kind.remove(cloud, seen);
    return found.length === 0 ? true : undefined;
  }

  const owns = (kind: Kind<never>) => {
    if (!owned.includes(kind)) owned.unshift(kind);
  };

  return {
    cloud,
    cluster,
    tap: ground.tap,
    settle,
    until,
    follow,
    owns,
    found: (kind, count) =>
      until(`${count} of ${kind.kind}`, async () => {
        const seen = await kind.find(cloud, cluster);
        return seen.length === count ? seen : undefined;
      }),
    async make(kind, step, spec) {
      owns(kind);
      return follow(kind, step, spec, await kind.create(cloud, { ...cluster, step }, spec));
    },
    fork(other) {
      const child = testWorld(ground, other);
      forks.unshift(child);
      return child;
    },
    async cleanUp() {
      for (const child of forks.splice(0)) await child.cleanUp();
      for (const kind of owned) await until(`no ${kind.kind} is left`, () => removeAll(kind));
    },
  };
}
