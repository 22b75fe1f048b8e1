import type { Config } from "../cluster/config.ts";
import type { KubernetesDialer } from "../kubernetes/send.ts";
import type { Cloud } from "../openstack/cloud.ts";
import type { Chance, Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Queue } from "./queue.ts";
import type { Slack } from "./slack.ts";
import type { StateStore } from "./store.ts";

/** Everything that reaches outside the process. Built once, by functions/compose.ts or by a test. */
export interface Deps {
  readonly config: Config;
  readonly store: StateStore;
  readonly queue: Queue;
  readonly slack: Slack;
  /** The cloud of a tenant of the configuration. Tokens are reused between calls. */
  cloudOf(tenant: string): Cloud;
  /** The API servers of the clusters. */
  readonly kubernetes: KubernetesDialer;
  /** Where people's browsers reach us, without a slash at the end; without it there are no links. */
  readonly publicUrl?: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}
