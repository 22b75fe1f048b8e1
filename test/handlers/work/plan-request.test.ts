import { OpenStackError, type Trouble } from "../../../shared/openstack/errors.ts";
import { type Desk, desk, wordsOf } from "../desk.ts";
import { NOW_MS, record, request } from "../given.ts";

// Goal: a plan that can't be made is said in words that a person can act on, frees the name, or is tried again; a dry run
// tells what it would need.
const last = (one: Desk): string =>
  one.slack.said
    .slice(-1)
    .map(({ message }) => wordsOf(message))
    .join();

async function asked(trouble: Trouble, fault: string): Promise<Desk> {
  const error = new OpenStackError({
    service: "compute",
    method: "GET",
    path: "/flavors",
    fault,
    trouble,
    requestId: "req-7",
  });
  const one = desk({ cloudOf: () => ({ services: () => Promise.reject(error) }) as never });
  await one.type("create dev --rwx 100G");
  return one;
}

test.each<[Trouble, string]>([
  ["denied", "Check this team's login in clouds.yaml and its roles."],
  ["missing", "Ask its operator to look."],
  ["invalid", "Ask its operator to look."],
])("a cloud whose trouble is %s: refused, and the name is free", async (trouble, next) => {
  const one = await asked(trouble, "The request you have made requires authentication.");
  await one.work();
  expect(await one.request("kkkkk0")).toMatchObject({ state: "refused" });
  expect(await one.names()).toEqual([]);
  expect(last(one).split("\n").slice(0, 3)).toEqual([
    ":no_entry: *dev* can't be created as asked. Nothing was changed.",
    "*1 thing to change*",
    `• The cloud's compute service refused: The request you have made requires authentication (OpenStack request req-7). ${next}`,
  ]);
});

test.each<[Trouble, string]>([
  ["retry", "gave no answer"],
  ["conflict", "refused"],
])("a cloud whose trouble is %s is asked again, and people see why", async (trouble, did) => {
  const one = await asked(trouble, "Service Unavailable");
  await one.work();
  expect(await one.request("kkkkk0")).toMatchObject({ state: "planning", dueMs: NOW_MS + 10_000 });
  expect(await one.names()).toEqual(["team-a/dev"]);
  expect(one.queued()).toEqual([{ is: "plan", request: "kkkkk0", tenant: "team-a" }]);
  expect(last(one).split("\n").slice(0, 2)).toEqual([
    ":hourglass_flowing_sand: The plan for *dev* has to wait. Nothing was changed; it is tried again every few seconds.",
    `• The cloud's compute service ${did}: Service Unavailable (OpenStack request req-7).`,
  ]);
});

test.each([
  ["U0DEV", "It would need no approval."],
  ["U0OTHER", "It would need an approval."],
])("a dry run of %s tells what it would need, and nothing begins", async (requester, needs) => {
  const one = desk();
  await one.hold(record());
  const message = { channel: "C0TEAMA", key: "request:k3m9qz" };
  await one.ask(
    request({ message, state: "planning", reasons: [], action: "delete", dryRun: true, requester, dueMs: NOW_MS }),
  );
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work();
  expect(last(one)).toMatch(
    new RegExp(`^:memo: This is what it takes to delete \\*dev\\*. ${needs} Nothing was changed.`),
  );
  expect(await one.record()).toEqual(record());
  expect(one.queued()).toEqual([]);
});

test("a plan message for a request that is gone does nothing", async () => {
  const one = desk();
  await one.deps.queue.enqueue({ is: "plan", request: "zzzzzz" }, 0);
  await one.work();
  expect(one.slack.said).toEqual([]);
});
