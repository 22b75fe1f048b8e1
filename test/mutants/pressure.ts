import { among, type Mutant } from "./mutant.ts";

const breaker = "test/shared/openstack/breaker.test.ts";
const lanes = "test/shared/adapters/lanes.test.ts";
const budget = "test/shared/adapters/slack-budget.test.ts";
const cards = "test/handlers/work/many-cards.test.ts";

/** What holds back when there is too much: services that are away, workers, Slack's limits. */
export const pressure: readonly Mutant[] = [
  ...among({ file: "shared/openstack/breaker.ts", tests: [breaker] }, [
    {
      name: "one hiccup that many calls meet leaves a service alone",
      find: "state.failures >= FAILURES && now - state.sinceMs >= LASTS_MS",
      replace: "state.failures >= FAILURES",
    },
    {
      name: "everybody tries at once when a rest is over",
      find: "if (trial) state.untilMs = begunMs + TRIAL_MS;",
      replace: "",
    },
    {
      name: "rests grow for ever",
      find: "Math.min(REST_MS_MAX, REST_MS * 2 ** state.rested)",
      replace: "REST_MS * 2 ** state.rested",
    },
    {
      name: "a person's question is not asked while a service rests",
      find: "if (rests && insistence.getStore() === undefined) {",
      replace: "if (rests) {",
    },
    {
      name: "calls from before the rest lengthen it",
      find: "else if (trial && now === state) rest(service, now, fault);",
      replace: "else rest(service, now, fault);",
    },
  ]),
  ...among({ file: "shared/openstack/retry.ts", tests: [breaker] }, [
    {
      name: "a request that makes a service fail keeps all others from being sent",
      find: "new Set([502, 503, 504])",
      replace: "new Set([500, 502, 503, 504])",
    },
    {
      name: "three tries at a service that is known to be away",
      find: " || runtime.breaker?.rests(asked.service) === true",
      replace: "",
    },
  ]),
  ...among({ file: "shared/openstack/trouble.ts", tests: [breaker] }, [
    {
      name: "a POST that was not sent is looked up as if it had been",
      find: "retryAfterSeconds: nextSeconds, ...unheard(asked, true) };",
      replace: "retryAfterSeconds: nextSeconds };",
    },
  ]),
  ...among({ file: "shared/adapters/lanes.ts", tests: [lanes] }, [
    {
      name: "one team may hold all workers",
      find: "(running.get(lane) ?? 0) < LANE_SLOTS",
      replace: "(running.get(lane) ?? 0) < SLOTS",
    },
    {
      name: "who sent most is served first",
      find: "held(a.lane) - held(b.lane) || ",
      replace: "",
    },
    {
      name: "a person waits behind passes",
      find: "Number(isQuick(b.lane)) - Number(isQuick(a.lane)) || ",
      replace: "",
    },
  ]),
  ...among({ file: "shared/adapters/slack-budget.ts", tests: [budget, cards] }, [
    {
      name: "progress leaves nothing to what people wait for",
      find: "progressOf === undefined ? 1 : 1 + limit.kept",
      replace: "1",
    },
    {
      name: "all who wait come back together",
      find: ") + stepMs;\n    return",
      replace: ") + stepMs;\n    if (bucket.givenMs > 0) return stepMs / 1000;\n    return",
    },
    {
      name: "who comes first shows all the progress",
      find: "last + stepMs * shown.size - now",
      replace: "last + stepMs - now",
    },
  ]),
  ...among({ file: "handlers/work/report.ts", tests: [cards] }, [
    {
      name: "faults crowd out an end",
      find: "troubleMessage(call), true)",
      replace: "troubleMessage(call))",
    },
    {
      name: "an end is thinned like progress",
      find: "finishedMs === undefined && blocked === undefined && shown !== undefined",
      replace: "shown !== undefined",
    },
  ]),
];
