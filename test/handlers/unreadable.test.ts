import { sweepFunction } from "../../functions/sweep.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { NOW_MS, record, spec } from "./given.ts";
import { command, type Front, front } from "./slack/front.ts";

// Goal: a cluster that a newer kinvirt has written, or that can't be read at all, is left as it is; whoever asks for it reads
// why and what to do, operators find it in the log, and everything else goes on.
let door: Front;
beforeEach(async () => {
  door = await front();
  await door.hold(record({ spec: spec({ name: "old" }) }, { dueMs: NOW_MS }));
});
afterEach(() => door.close());

const newer = () => JSON.stringify({ ...record(), schema: 2, sizes: ["large"] });
const NEWER =
  ":no_entry: `dev` was written by a newer kinvirt than the one that answers here. It was left as it is, and nothing was done. Whoever runs kinvirt has to update all of its processes; then try it again.";
const BROKEN =
  ":no_entry: What kinvirt knows of `dev` can't be read. It was left as it is, and nothing was done. Whoever runs kinvirt finds why in the log, at `record.unreadable`.";

test.each([
  [
    "newer",
    newer,
    NEWER,
    /^cluster\/team-a\/dev is not readable by this version: it is of schema 2, written by a newer/,
  ],
  ["broken", () => "{", BROKEN, /^cluster\/team-a\/dev is not readable by this version: it is not JSON/],
])("of one that is %s", async (_what, text, words, logged) => {
  await door.deps.store.putIfAbsent("cluster/team-a/dev", text());
  for (const [at, typed] of ["status dev", "delete dev", "create dev", "retry dev", "lb dev"].entries()) {
    const { status, text: answer } = await door.post({ body: command(typed, `t${at}`) });
    expect([typed, status, JSON.parse(answer).text]).toEqual([typed, 200, words]);
  }
  const errors = door.logged.filter(({ event }) => event === "record.unreadable").map(({ fields }) => fields["error"]);
  expect(errors.length).toBeGreaterThanOrEqual(5);
  for (const error of errors) expect(error).toMatch(logged);
  expect((await door.deps.store.get("cluster/team-a/dev"))?.value).toBe(text());
});

test("the list has the others, and the sweep wakes them", async () => {
  await door.deps.store.putIfAbsent("cluster/team-a/dev", newer());
  const { text } = await door.post({ body: command("list") });
  expect(text).toContain("old");
  expect(text).toContain("1 cluster can't be shown here");
  await sweepFunction(door.deps)();
  expect(door.queued()).toContainEqual({ is: "reconcile", cluster: "team-a/old" });
  expect((await door.deps.store.get("cluster/team-a/dev"))?.value).toBe(newer());
});

test("a message of a newer kinvirt fails, so that it comes again until one takes it that knows it", async () => {
  const newer = { is: "scale", cluster: "team-a/dev" } as unknown as Message;
  await expect(dispatch(newer, door.deps)).rejects.toThrow("there is no such message here: scale");
});
