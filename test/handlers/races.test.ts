import { submitted } from "../../handlers/actions/submit.ts";
import { DENY_MODAL, REASON } from "../../handlers/views/modals.ts";
import { type Desk, desk, wordsOf } from "./desk.ts";
import { HASH, record, request } from "./given.ts";

// Goal: what comes at the same moment, too late, or from another team's channel moves nothing that is not its own.
const BUTTON = `k3m9qz:${HASH}`;

async function waiting(...over: Parameters<typeof record>): Promise<Desk> {
  const one = desk();
  await one.ask(request());
  await one.hold(record(...over));
  return one;
}

test("two who type the same name at the same moment: one gets it, the other hears of it", async () => {
  const one = desk();
  const answers = await Promise.all([one.type("create dev"), one.type("create dev", "U0OTHER")]);
  expect(answers.filter((answer) => /^:no_entry: (The name )?`dev` (is|was) taken/.test(answer))).toHaveLength(1);
  expect(one.queued()).toHaveLength(1);
  expect(await one.names()).toEqual(["team-a/dev"]);
});

test("whoever asked can't cancel from another team's channel", async () => {
  const one = await waiting({ generation: 1 }, { phase: "requested", steps: {} });
  const none = ":no_entry: There is no request `k3m9qz` in this channel: its message shows its id at the foot.";
  expect(await one.type("cancel k3m9qz", "U0DEV", "C0TEAMB")).toBe(none);
  expect(await one.click("request:cancel", "k3m9qz", { user: "U0DEV", channel: "C0TEAMB" })).toBe(none);
  expect(await one.request()).toEqual(request());
});

test.each(["", "   "])("a deny whose form says %j needs words", async (reason) => {
  const one = await waiting({ generation: 1 }, { phase: "requested", steps: {} });
  const form = {
    callback: DENY_MODAL,
    metadata: JSON.stringify({ value: BUTTON, channel: "C0TEAMA" }),
    user: "U0APPROVER",
    input: (block: string, action: string) => (block === REASON.block && action === REASON.action ? reason : "else"),
  };
  const answer = await submitted(form, one.deps);
  expect(answer === undefined ? "" : wordsOf(answer.message)).toMatch(/^:no_entry: A deny needs a reason/);
  expect(await one.request()).toEqual(request());
});

test("a deny that comes after the start frees no name: what was begun stays on the books", async () => {
  const one = await waiting({ generation: 2 }, { phase: "creating" });
  await one.type("deny k3m9qz no", "U0APPROVER");
  expect(await one.names()).toEqual(["team-a/dev"]);
});

test("a delete of a cluster that is gone is not one of the cluster that has its name now", async () => {
  const one = desk();
  await one.hold(record({ id: "kanother00" }));
  await one.ask(request({ action: "delete", state: "planning" }));
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work();
  expect(await one.request()).toMatchObject({ state: "refused", problems: ["dev is gone already."] });
  expect(await one.record()).toEqual(record({ id: "kanother00" }));
});
