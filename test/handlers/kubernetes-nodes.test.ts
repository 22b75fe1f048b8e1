import { type Town, town } from "../support/town.ts";

// Goal: a machine that does not come into its cluster is named with its last words, tried once more, and then a person's.
jest.setTimeout(300_000);

let now: Town | undefined;
afterEach(() => now?.close());

const MINUTE_MS = 60_000;
const LATE_MS = 20 * MINUTE_MS;

/** A cluster of which servers of this name hang in their boot as long as `hang.on`. */
async function hanging(name: RegExp) {
  const at = await town({ boots: true });
  now = at;
  const hang = { on: true };
  const hung = new Set<string>();
  const things = () => at.sandbox.everything("team-a");
  const record = () => at.record("team-a/dev");
  const until = (enough: () => boolean | Promise<boolean>) =>
    at.until(async () => {
      for (const { id, type, status, name: called } of things())
        if (hang.on && type === "server" && name.test(called) && status === "ACTIVE") {
          if (at.kubernetes.console(id).length === 0) continue;
          hung.add(id);
          at.kubernetes.stop(id);
        }
      return enough();
    });
  await at.type("create dev");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  const stateOf = async (step: string) => (await record())?.status.steps[step]?.state;
  const thread = () =>
    at.slack.said.filter((one) => one.thread !== undefined).map(({ message }) => JSON.stringify(message));
  const isReady = async () => (await record())?.status.phase === "ready";
  return { at, hang, hung, until, record, thread, stateOf, isReady, things };
}

test("a worker that hangs is told with its console's end, made once more, and stops for a person with advice", async () => {
  const { at, hang, hung, until, record, thread, stateOf, isReady, things } = await hanging(/-worker-1$/);
  await until(async () => hung.size === 1 && (await stateOf("kubernetes-node/worker-2")) === "ready");
  expect(thread()).toEqual([]);
  await at.clock.wait(LATE_MS);
  await until(() => thread().some((words) => words.includes("did not come into the cluster within 20 minutes")));
  const [first = "absent"] = hung;
  const { id } = (await record()) ?? {};
  const [told = ""] = thread();
  expect(told).toContain(
    `node worker-1: the server dev-${id}-server-worker-1 (${first}) did not come into the cluster`,
  );
  expect(told).toContain(`its console ends with: ${at.kubernetes.console(first).at(0)?.trim()}`);
  expect(told).toContain("kinvirt deletes its server and makes it once more.");

  await until(() => hung.size === 2);
  const second = [...hung].at(-1) ?? "absent";
  await until(async () => (await stateOf("server/worker-1")) === "ready");
  await at.clock.wait(LATE_MS);
  await until(async () => (await record())?.status.told === true);
  expect(things().map((one) => one.id)).not.toContain(first);
  expect(things().map((one) => one.id)).toContain(second);
  expect((await record())?.status.blocked).toMatchObject({ step: "kubernetes-node/worker-1", trouble: "failed" });
  const stop = thread().at(-1) ?? "";
  for (const words of ["needs a person", second, "whether it reaches Keystone, Barbican", "/k8s retry dev"])
    expect(stop).toContain(words);

  hang.on = false;
  await at.type("retry dev");
  await until(isReady);
  expect(things().map((one) => one.id)).not.toContain(second);
});

test("without its first control plane nobody can join, and only that one is given up", async () => {
  const { at, hang, hung, until, thread, isReady, things, stateOf } = await hanging(/-control-plane-1$/);
  const workers = () => things().flatMap(({ name, id }) => (/-server-worker-\d$/.test(name) ? [id] : []));
  await until(async () => hung.size === 1 && (await stateOf("server/worker-2")) === "ready");
  const before = workers();
  await at.clock.wait(LATE_MS);
  await until(() => thread().length > 0);
  hang.on = false;
  await until(isReady);
  expect(before).toHaveLength(2);
  expect(workers()).toEqual(before);
  expect(thread().filter((words) => words.includes("did not come"))).toHaveLength(1);
});
