import type { KubernetesSandbox } from "../../sandbox/kubernetes/index.ts";
import type { Sandbox } from "../../sandbox/openstack/index.ts";
import type { Config } from "../../shared/cluster/config.ts";
import type { KubernetesDialer } from "../../shared/kubernetes/send.ts";
import type { Chance, Clock } from "../../shared/ports/clock.ts";
import type { Queue, QueueWorker } from "../../shared/ports/queue.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import type { Draw } from "./draw.ts";
import type { SimSlack } from "./slack.ts";
import type { Time } from "./time.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import type { Weather } from "./weather.ts";

/** What outlives every process, and how it treats them. */
export interface World {
  readonly time: Time;
  readonly draw: Draw;
  readonly sandbox: Sandbox;
  /** One process's way to the clusters on its servers. */
  newDialer(): KubernetesDialer;
  readonly slack: SimSlack;
  /** Of processes that begin now. */
  config: Config;
  /** How far the clock of the process in this place is ahead of the world's. */
  skewOf(slot: number): number;
  /** The clusters on its servers, where these really boot. */
  readonly inside: KubernetesSandbox | undefined;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly counts: {
    effects: number;
    deaths: number;
    lost: number;
    lives: number;
    drifts: number;
    services: number;
    late: number;
  };
  /** People's requests go through the signed front door instead of the handlers. */
  readonly signed: boolean;
  weather: Weather;
  /** Whether somebody looks at the health of what is ready. */
  readonly watched: boolean;
  /** Ids of servers on which nothing runs any more, although Nova calls them ACTIVE. */
  readonly dead: Set<string>;
  /** The effect after which whoever did it dies; undefined: chance decides. */
  readonly deathAt: number | undefined;
  /** The state as it is, past all faults. */
  readonly store: StateStore;
  openStore(): StateStore;
  /** `slot`: messages that no process has taken wait for the next one in the same place. */
  openQueue(slot: number, clock: Clock): Queue & QueueWorker & { isDue(): boolean };
}
