import { show, tell } from "../../../handlers/work/live.ts";
import { SlackError } from "../../../shared/ports/slack.ts";
import { recordingSlack } from "../../support/bot.ts";
import { desk } from "../desk.ts";

// Goal: what there is to say is said once and then edited, whoever says it and whatever Slack does; no failure of Slack
// reaches the work.
const view = (text: string) => ({ text, blocks: [] });
const ref = { channel: "C0TEAMA", key: "request:k3m9qz" };
const thread = { channel: "C0TEAMA", ts: "77.000000" };

/** A desk whose Slack does as usual, but for `over`. */
function at(over: Partial<ReturnType<typeof recordingSlack>> = {}) {
  const usual = recordingSlack();
  const edits: string[] = [];
  const edit: typeof usual.edit = async (channel, ts, message) => {
    edits.push(message.text);
    return usual.edit(channel, ts, message);
  };
  const one = desk({ slack: { ...usual, edit, ...over } });
  return { ...one, usual, edits, texts: () => usual.said.map((said) => said.message.text) };
}

const refusing = (code: string) => async (): Promise<never> => {
  throw new SlackError(code, `Slack refused it: ${code}`);
};

test("it is posted once, and then edited only when it shows something else", async () => {
  const { deps, texts, edits } = at();
  const first = await show(deps, ref, view("one"), undefined);
  if (typeof first !== "object") throw new Error(first);
  expect(first.message).toEqual({ ...ref, ts: "1.000000" });
  expect(await show(deps, first.message, view("one"), first.shown)).toBe("equal");
  expect(edits).toEqual([]);
  expect(await show(deps, first.message, view("two"), first.shown)).toMatchObject({ message: first.message });
  expect([texts(), edits]).toEqual([["two"], ["two"]]);
});

test("a post whose answer was lost is found by its key and edited, not repeated", async () => {
  const usual = recordingSlack();
  const lost: typeof usual.post = async (...args) => {
    await usual.post(...args);
    throw new SlackError("no_answer", "Slack did not answer");
  };
  const { said, edit, findPosted } = usual;
  const edits: string[] = [];
  const noted: typeof edit = async (channel, ts, message) => {
    edits.push(message.text);
    return edit(channel, ts, message);
  };
  const one = at({ said, findPosted, post: lost, edit: noted });
  expect(await show(one.deps, ref, view("one"), undefined)).toBe("silent");
  one.clock.pass(15_000);
  expect(await show(one.deps, ref, view("two"), undefined)).toMatchObject({ message: { ...ref, ts: "1.000000" } });
  expect([said.length, edits]).toEqual([1, ["two"]]);
});

test("of two workers with the same to say one says it, also in a thread", async () => {
  const one = at();
  const both = await Promise.all([1, 2].map(() => show(one.deps, ref, view("one"), undefined)));
  expect(both).toContain("silent");
  expect(await Promise.all([1, 2].map(() => tell(one.deps, thread, "end", view("done"))))).toEqual([true, false]);
  expect(one.texts()).toEqual(["one", "done"]);
});

test("a worker that stalled before its post leaves it to the next", async () => {
  const one = at();
  one.deps.slack.findPosted = async () => {
    one.clock.pass(8001);
    return undefined;
  };
  expect(await show(one.deps, ref, view("one"), undefined)).toBe("silent");
  expect(one.texts()).toEqual([]);
});

test.each([
  ["no_answer", "silent", false],
  ["ratelimited", "silent", false],
  ["channel_not_found", "equal", true],
  ["is_archived", "equal", true],
] as const)("Slack that refuses with %s: %s, and no more", async (code, shown, told) => {
  const { deps } = at({ post: refusing(code) });
  expect(await show(deps, ref, view("one"), undefined)).toBe(shown);
  expect(await tell(deps, thread, "end", view("done"))).toBe(told);
});

test("what is not Slack's doing goes up", async () => {
  const broken = async (): Promise<never> => {
    throw new TypeError("a bug");
  };
  const { deps } = at({ post: broken });
  await expect(show(deps, ref, view("one"), undefined)).rejects.toThrow("a bug");
});

test("without a live message there is no thread to say anything in", async () => {
  const one = at();
  expect(await tell(one.deps, { channel: "C0TEAMA" }, "end", view("done"))).toBe(false);
  expect(one.texts()).toEqual([]);
});
