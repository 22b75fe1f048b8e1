import type { Config } from "../cluster/config.ts";
import type { KubernetesDialer } from "../kubernetes/send.ts";
import type { Cloud } from "../openstack/cloud.ts";
import type { Trace } from "../openstack/traced.ts";
import type { Chance, Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { NameServers } from "./name-servers.ts";
import type { Queue } from "./queue.ts";
import type { Slack } from "./slack.ts";
import type { StateStore } from "./store.ts";
import type { Tracing } from "./tracing.ts";

/** Everything that reaches outside the process. Built once, by functions/compose.ts or by a test. */
export interface Deps {
  readonly config: Config;
  readonly store: StateStore;
  readonly queue: Queue;
  readonly slack: Slack;
  /** The cloud of a tenant of the configuration. Tokens are reused between calls. */
  cloudOf(tenant: string): Cloud;
  /** What the clouds called the requests that changed something; without it the audit names resources and no calls. */
  readonly trace?: Trace;
  /** The API servers of the clusters. */
  readonly kubernetes: KubernetesDialer;
  /** Who is asked for names, as anybody's resolver would; without it they are read from Designate alone. */
  readonly nameServers?: NameServers;
  /** Where people's browsers reach us, without a slash at the end; without it there are no links. */
  readonly publicUrl?: string;
  readonly clock: Clock;
  /** Compares the clock with the store's, as often as it is called; without it nobody does. */
  keepTime?(): Promise<void>;
  readonly chance: Chance;
  readonly log: Log;
  /** Without it nothing is measured. */
  readonly metrics?: Metrics;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
}
