import type { Cloud } from "../../shared/openstack/cloud.ts";
import type { Kind, Owner, Seen } from "../../shared/resources/kind.ts";

/** A cloud to try kinds in, and a cluster of our own in it. */
export interface World {
  readonly cloud: Cloud;
  readonly cluster: Pick<Owner, "cluster" | "name">;
  /** Creates and waits until it is ready, following `update`. Removed again by `cleanUp`. */
  make<Spec, S extends Seen>(kind: Kind<Spec, S>, step: string, spec: Spec): Promise<S>;
  /** Lets the cloud's time pass: waits on a real one, moves the clock of the sandbox. */
  settle(): Promise<void>;
  /** Removes all that `make` made, the newest first, and waits until it is gone. */
  cleanUp(): Promise<void>;
}

/** Specs of one kind, with ids of what `prepare` made for them to stand on. */
export interface Prepared<Spec> {
  /** As little as the kind allows. */
  readonly minimal: Spec;
  /** Every field set. */
  readonly full: Spec;
  /** `full` with all that `update` can change changed; absent where nothing can. */
  readonly changed?: Spec;
  /** `full` with the fields undefined that come later; absent where none do. */
  readonly incomplete?: Spec;
  /** What a second one with the same mark is made from, where the API refuses two made from `minimal`. */
  readonly twin?: Spec;
}

/** What one kind adds to the scenarios that all kinds must pass. */
export interface KindCase<Spec = unknown, S extends Seen = Seen> {
  readonly name: string;
  readonly kind: Kind<Spec, S>;
  readonly step: string;
  prepare(world: World): Promise<Prepared<Spec>>;
  /** True where the kind is found through what it stands on: every scenario then prepares its own. */
  readonly ownGround?: boolean;
  /** Makes something that uses `seen`, so that the API refuses to delete it; absent where the API never does. */
  use?(world: World, seen: S): Promise<unknown>;
  /** What somebody else may do to it, and `update` must put right. */
  disturb?(world: World, seen: S): Promise<unknown>;
  /** True where the mark is part of the name, so that a stranger of the same name can't be. */
  readonly markIsName?: boolean;
  /** True where the API refuses a second one altogether, so that two with one mark can't be. */
  readonly unique?: boolean;
}
