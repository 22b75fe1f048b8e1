import { among, type Mutant } from "./mutant.ts";

const more = ["test/handlers/on-call-more.test.ts"];
const judged = ["test/handlers/work/health/judge.test.ts"];
const inside = ["test/handlers/work/health/inside.test.ts"];
const advice = ["test/handlers/views/alert-advice.test.ts"];
const storage = ["test/handlers/views/on-call/storage.test.ts"];

/** What people read of a cluster that is half there, and would be misled by. */
export const oncallMore: readonly Mutant[] = [
  ...among({ file: "handlers/work/health/endings.ts", tests: judged }, [
    {
      name: "alert: an end that has passed is still to come",
      find: '...(untilMs <= nowMs ? { over: "true" } : {})',
      replace: "",
    },
    {
      name: "alert: certificates that somebody has renewed by hand are about to end",
      find: "return inside.certificateEndMs ?? recorded;",
      replace: "return recorded;",
    },
    {
      name: "alert: of several control planes the one that was asked speaks for all",
      find: "(record.spec.controlPlane.count > 1 && !hasPassed)",
      replace: "record.spec.controlPlane.count < 1",
    },
    {
      name: "alert: certificates that somebody has renewed end again whenever nobody can look",
      find: 'return inside !== undefined && hasPassed ? recorded : "blind";',
      replace: "return recorded;",
    },
    {
      name: "alert: an API that is silent as its certificates have ended is not told why",
      find: 'return inside !== undefined && hasPassed ? recorded : "blind";',
      replace: 'return "blind";',
    },
    {
      name: "alert: each look at each cluster asks for its certificate",
      find: "recordedEndMs(record) - nowMs < CERTIFICATES_MS;",
      replace: "recordedEndMs(record) > nowMs;",
      tests: inside,
    },
  ]),
  {
    name: "alert: a session that is resumed shows a certificate without an end",
    file: "shared/adapters/undici-kubernetes.ts",
    find: " && !socket.isSessionReused()",
    replace: "",
    tests: ["test/shared/adapters/undici-kubernetes.test.ts"],
  },
  {
    name: "alert: an end that has passed is told as one to come",
    file: "handlers/views/alert-words.ts",
    find: 'over === "true" ? "ended" : ',
    replace: "",
    tests: advice,
  },
  {
    name: "alert: RAM is told in MiB without saying so",
    file: "handlers/views/alert.ts",
    find: "amount({ resource }, Number(count))",
    replace: "amount({ resource: service }, Number(count))",
    tests: more,
  },
  ...among({ file: "handlers/views/on-call/storage.ts", tests: storage }, [
    {
      name: "on call: a share that nobody can write to is well",
      find: 'rule.level !== "rw"',
      replace: 'rule.level === ""',
    },
    {
      name: "on call: who has no share networks left is told that claims find no room",
      find: "CLAIMS_TAKE.includes(resource) && ",
      replace: "",
    },
  ]),
  {
    name: "on call: an API that nobody could ask is called silent beside its nodes",
    file: "handlers/work/answers/nodes.ts",
    find: "if (unasked !== undefined) why",
    replace: "if (unread !== undefined) why",
    tests: inside,
  },
  {
    name: "on call: whoever makes an API say nonsense hears nothing any more",
    file: "handlers/work/answers/inside.ts",
    find: "if (error instanceof KubernetesError) return { unread: error };",
    replace: "",
    tests: inside,
  },
  ...among({ file: "shared/resources/node-truth.ts", tests: more }, [
    {
      name: "on call: one dead host takes the whole answer about nodes away",
      find: "if (!(error instanceof OpenStackError)) throw error;",
      replace: 'if (!(error instanceof OpenStackError) || error.trouble === "retry") throw error;',
    },
    {
      name: "on call: a node without a network is told to free some of it",
      find: 'pressures: has.filter((type) => type.endsWith("Pressure")),',
      replace: "pressures: has,",
    },
  ]),
  {
    name: "on call: a node without a network may wait",
    file: "handlers/views/on-call/nodes.ts",
    find: 'condition === "NetworkUnavailable" && ',
    replace: 'condition === "" && ',
    tests: more,
  },
  ...among({ file: "handlers/views/words.ts", tests: more }, [
    {
      name: "said wrong: what is being deleted lives until some other day",
      find: 'wish === "absent" ? undefined : expiresMs',
      replace: "expiresMs",
    },
    {
      name: "said wrong: what is being deleted lives until it is deleted",
      file: "handlers/views/home.ts",
      find: 'record.wish === "absent" ? []',
      replace: 'record.status.phase === "deleting" ? []',
    },
    {
      name: "said wrong: 55 of 100 are 56 %",
      file: "handlers/views/quota.ts",
      find: "((used + needs) * 100) / Math.max(1, limit)",
      replace: "((used + needs) / Math.max(1, limit)) * 100",
    },
    {
      name: "said wrong: new logins take another cluster's room",
      file: "handlers/work/answers/quota.ts",
      find: ' || status.doing === "renew"',
      replace: "",
      tests: ["test/handlers/quota.test.ts"],
      only: "new logins",
    },
    {
      name: "home: whoever comes every day is a stranger once a week",
      file: "handlers/home/place.ts",
      find: "place/${user}/${channel}/${day}",
      replace: "place/${user}/${channel}/0",
    },
  ]),
];
