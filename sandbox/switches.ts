import type { Sandbox } from "./openstack/index.ts";
import type { Switch } from "./page/panel.ts";
import type { SlackFaults } from "./slack/faults.ts";

interface Trouble {
  readonly label: string;
  readonly hint: string;
  /** Begins it; what comes back ends it. */
  begin(cloud: Sandbox, slack: SlackFaults): () => void;
}

const LOST = 0.1;
const SLOW_MS = 4000;
const RATE_LIMIT_SECONDS = 5;

const broken = (type: string, message: string) => (cloud: Sandbox) => {
  cloud.faults.break(type, message);
  // It breaks one resource and is spent: switching it off only arms it anew.
  return () => undefined;
};

/** What a person can make go wrong, in the order of the page. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  lost: {
    label: "Lose one answer in ten",
    hint: "Calls to the cloud take effect and nobody hears of it",
    begin(cloud) {
      cloud.faults.lose({ before: 0, after: LOST });
      return () => cloud.faults.lose({ before: 0, after: 0 });
    },
  },
  nova: {
    label: "Nova is down",
    hint: "Compute answers 503",
    begin: (cloud) => cloud.faults.down("compute"),
  },
  octavia: {
    label: "Octavia is down",
    hint: "Nobody listens at the load-balancer API",
    begin: (cloud) => cloud.faults.down("load-balancer", "refused"),
  },
  slow: {
    label: "Designate is slow",
    hint: `Every DNS call takes ${SLOW_MS / 1000} s`,
    begin: (cloud) => cloud.faults.on({ service: "dns", times: Number.POSITIVE_INFINITY }, { is: "slow", ms: SLOW_MS }),
  },
  server: {
    label: "The next server fails",
    hint: "Nova finds no host for it; kinvirt makes it anew once",
    begin: broken("server", "No valid host was found. There are not enough hosts available."),
  },
  balancer: {
    label: "The next load balancer fails",
    hint: "It ends in ERROR; kinvirt makes it anew once",
    begin: broken("load-balancer", "The provider could not create the load balancer."),
  },
  member: {
    label: "A control plane is unhealthy",
    hint: "Load balancers' probes of every control-plane-1 fail",
    begin: (cloud) => cloud.faults.sicken(/^control-plane-1$/),
  },
  twice: {
    label: "Slack sends everything twice",
    hint: "As Slack does when it saw no answer",
    begin(_cloud, slack) {
      slack.duplicates = true;
      return () => {
        slack.duplicates = false;
      };
    },
  },
  quiet: {
    label: "Slack is down",
    hint: "Its Web API answers nothing; the cloud's work goes on",
    begin(_cloud, slack) {
      slack.down = true;
      return () => {
        slack.down = false;
      };
    },
  },
  limited: {
    label: "Slack limits the rate",
    hint: `Its Web API answers 429, to come again in ${RATE_LIMIT_SECONDS} s`,
    begin(_cloud, slack) {
      slack.retryAfterSeconds = RATE_LIMIT_SECONDS;
      return () => {
        slack.retryAfterSeconds = 0;
      };
    },
  },
};

/** The faults of the playground, each on or off. */
export function switchboard(cloud: Sandbox, slack: SlackFaults) {
  const ends = new Map<string, () => void>();
  return {
    switches: (): readonly Switch[] =>
      Object.entries(TROUBLES).map(([id, { label, hint }]) => ({ id, label, hint, on: ends.has(id) })),
    flip(id: string, on: boolean): void {
      const trouble = TROUBLES[id];
      if (trouble === undefined || on === ends.has(id)) return;
      if (on) ends.set(id, trouble.begin(cloud, slack));
      else {
        ends.get(id)?.();
        ends.delete(id);
      }
    },
  };
}
