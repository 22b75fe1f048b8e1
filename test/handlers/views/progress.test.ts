import { blockedMessage, oncallMessage, troubleMessage } from "../../../handlers/views/outcome.ts";
import { progressMessage } from "../../../handlers/views/progress.ts";
import { buttonValue } from "../../support/bot.ts";
import { wordsOf } from "../desk.ts";
import { call, NOW_MS, record, step } from "../given.ts";

// Goal: the live message tells the truth at a glance: the verdict, what is done, what is waited for, and what to do.
const order = [
  "network",
  "port/worker-1",
  "server/worker-1",
  "server/worker-2",
  "load-balancer/api",
  "dns/api",
  "share/rwx",
];
const at = (seconds: number, etaSeconds?: number) => ({
  nowMs: NOW_MS + seconds * 1000,
  order,
  ...(etaSeconds === undefined ? {} : { etaSeconds }),
});
const lines = (...args: Parameters<typeof progressMessage>) => wordsOf(progressMessage(...args)).split("\n");

const building = record(
  {},
  {
    phase: "creating",
    steps: {
      network: step({ readyMs: NOW_MS + 4000 }),
      "port/worker-1": step({ readyMs: NOW_MS + 6000 }),
      "server/worker-1": step({ readyMs: NOW_MS + 30_000 }),
      "server/worker-2": step({ state: "pending", word: "BUILD", intendedMs: 2 }),
      "load-balancer/api": step({ state: "pending", word: "PENDING_CREATE", intendedMs: 1 }),
    },
  },
);

test("while it is created: each group with what it waits for, the slowest first, and how long it will be", () => {
  expect(lines(building, at(60, 90))).toEqual([
    ":construction: Creating *dev*: 1m so far, about 1m 30s left.",
    ":white_check_mark: *Network* 2 of 2 done after 6s",
    ":white_circle: *Addresses and DNS* waiting",
    ":hourglass_flowing_sand: *Load balancer* 0 of 1, load balancer api is PENDING_CREATE",
    ":hourglass_flowing_sand: *Servers* 1 of 2, server worker-2 is BUILD",
    ":white_circle: *Storage* waiting",
    "asked for by <@U0DEV> · cluster `k7f3m2q9x1` · request `k3m9qz`",
  ]);
});

test.each([
  [undefined, "1m so far."],
  [0, "1m so far, longer than usual."],
  [-5, "1m so far, longer than usual."],
  [45, "1m so far, about 45s left."],
])("an estimate of %s", (eta, words) => {
  expect(lines(building, at(60, eta))[0]).toBe(`:construction: Creating *dev*: ${words}`);
});

test("a setback is said while it is tried again; a refusal that passes by itself is not", () => {
  const status = {
    ...building.status,
    setbacks: 2,
    failures: [call({ trouble: "quota", text: "Quota exceeded", times: 2 })],
  };
  expect(lines({ ...building, status }, at(60))).toContain(
    ":warning: server worker-1: Quota exceeded (2 times by now)",
  );
  expect(lines({ ...building, status }, at(60))).toContain(
    "Raise the project's quota or delete something: kinvirt goes on by itself once there is room.",
  );
  const passing = { ...status, failures: [call({ trouble: "conflict" })] };
  expect(lines({ ...building, status: passing }, at(60)).join()).not.toContain(":warning:");
});

test("blocked: the fault, its request id, what to do, two buttons; then how far it is", () => {
  const steps = {
    network: step(),
    "server/worker-1": step({ state: "failed", word: "ERROR", fault: "No valid host." }),
  };
  const blocked = record({}, { phase: "blocked", blocked: call(), steps });
  expect(lines(blocked, at(60)).slice(0, 8)).toEqual([
    ":warning: *dev* needs a person: its creation has stopped.",
    "server worker-1: No valid host was found.",
    "OpenStack request `req-5d1f`",
    "The service gave up on this twice: ask its operator for the reason, then type `/k8s retry dev`. Or press *Retry*: it goes on where it stopped, and what exists is kept.",
    "Retry",
    "Delete",
    ":hourglass_flowing_sand: *Network* 1 of 2",
    ":white_circle: *Addresses and DNS* waiting",
  ]);
  expect(buttonValue(progressMessage(blocked, at(60)), "cluster:retry")).toBe("dev:k7f3m2q9x1:2");
});

test("a delete that has stopped can be tried again, and not deleted twice", () => {
  const stopped = record({ wish: "absent" }, { phase: "blocked", blocked: call({ trouble: "denied" }) });
  const said = progressMessage(stopped, at(60));
  expect(wordsOf(said)).toMatch(/^:warning: \*dev\* needs a person: its delete has stopped\./);
  expect(buttonValue(said, "cluster:retry")).toBe("dev:k7f3m2q9x1:2");
  expect(buttonValue(said, "cluster:delete")).toBeUndefined();
});

test("ready: how long it took, how to log in, where it answers, and how its storage is mounted", () => {
  const said = lines(record(), at(300));
  expect(said.slice(0, 5)).toEqual([
    ":white_check_mark: *dev* is ready after 3m 10s.",
    "*Log in* with `/k8s kubeconfig dev`: a link to a kubeconfig of your own",
    "*API* `api.dev.k8s.example.org:6443` (203.0.113.68)",
    "*Applications* `*.apps.dev.k8s.example.org`",
    "*Shared storage* 94 GiB, ready to mount: claim `kinvirt-shared` in namespace `default`",
  ]);
});

test("while it is deleted: what is gone, what is going, what is kept", () => {
  const steps = {
    network: step(),
    "server/worker-1": step({ state: "leaving", word: "deleting", intendedMs: 1 }),
    "server/worker-2": step({ state: "gone" }),
    "share/rwx": step(),
  };
  const { finishedMs: _never, ...status } = record({}, { phase: "deleting", steps }).status;
  expect(lines({ ...record({ wish: "absent", keepData: true }), status }, at(30)).slice(0, 6)).toEqual([
    ":wastebasket: Deleting *dev*: 30s so far.",
    ":white_circle: *Network* still there",
    ":white_check_mark: *Addresses and DNS* gone",
    ":white_check_mark: *Load balancer* gone",
    ":hourglass_flowing_sand: *Servers* 1 of 2 gone, server worker-1 is deleting",
    ":white_check_mark: *Storage* kept",
  ]);
});

test.each([
  [[], ":white_check_mark: *dev* is deleted after 3m 10s: 0 resources left, proved by listing 7 kinds of resources."],
  [
    ["share-1"],
    ":white_check_mark: *dev* is deleted after 3m 10s: only the kept data is left, proved by listing 7 kinds of resources.",
  ],
])("deleted, with %j kept", (kept, verdict) => {
  expect(lines(record({ wish: "absent" }, { phase: "deleting", kept }), at(300))[0]).toBe(verdict);
});

test.each([
  ["retry", "kinvirt tries again by itself."],
  ["conflict", "kinvirt tries again by itself."],
  ["quota", "Raise the project's quota or delete something: kinvirt goes on by itself once there is room."],
  ["failed", "The service gave up on this resource: kinvirt deletes it and makes it once more."],
  ["unbuilt", "The service seems to have forgotten it: kinvirt deletes it and makes it once more."],
])("in the thread while it goes on, trouble %s: nobody is asked for what happens anyway", (trouble, next) => {
  expect(wordsOf(troubleMessage(call({ trouble })))).toBe(
    `:warning: server worker-1: No valid host was found.\n${next}\nOpenStack request \`req-5d1f\``,
  );
});

test.each([
  ["denied", "Check this team's login in `clouds.yaml` and its roles"],
  ["invalid", "The service will never accept this as it is: show it to whoever runs kinvirt"],
  ["missing", "Something that this needs is gone, or the service is not in the catalog: look for it"],
  ["ambiguous", "Delete by hand what should not be there"],
  ["forged", "Whoever made it knows what is in it: find out who that was, and delete it"],
  ["failed", "The service gave up on this twice: ask its operator for the reason"],
  ["something new", "Mend the cause"],
])("when it has stopped, trouble %s: what to do, in the thread and for those on call", (trouble, todo) => {
  const { requestId: _none, ...bare } = call({ trouble });
  expect(wordsOf(blockedMessage(record(), bare))).toBe(
    `<@U0DEV> *dev* has stopped and needs a person.\nserver worker-1: No valid host was found.\n${todo}, then type \`/k8s retry dev\`.`,
  );
  expect(wordsOf(oncallMessage(record(), bare)).split("\n")).toEqual([
    ":warning: *dev* of team-a has stopped and needs a person.",
    "server worker-1: No valid host was found.",
    `${todo}, then type \`/k8s retry dev\`.`,
    "type it in <#C0TEAMA> · asked for by <@U0DEV>",
  ]);
});
