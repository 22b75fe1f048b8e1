import { SlackError } from "../../../shared/ports/slack.ts";
import { exampleConfig, recordingSlack } from "../../support/bot.ts";
import { wordsOf } from "../desk.ts";
import { HASH, record, request } from "../given.ts";
import { type Front, front } from "./front.ts";

// Goal: who sits in a shared channel but in no workspace of ours gets nothing done and sees nothing, whatever they press.
let door: Front;
afterEach(() => door.close());

const form = (payload: object): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const by = (user: string, team: string) => ({ id: user, name: "p", team_id: team });
const click = (action: string, value: string, over: object) =>
  form({
    type: "block_actions",
    team: { id: "T1" },
    channel: { id: "C0TEAMA" },
    container: { type: "message", channel_id: "C0TEAMA", message_ts: "77.000000" },
    trigger_id: `t-${action}`,
    response_url: "http://127.0.0.1:9/none",
    actions: [{ type: "button", action_id: action, block_id: "b", value, action_ts: "1.0" }],
    ...over,
  });
const submitted = (over: object, view: object = {}) =>
  form({
    type: "view_submission",
    // Of who submits, as Slack has it in a shared channel.
    team: { id: "T0PARTNER" },
    trigger_id: "t7",
    ...over,
    view: {
      type: "modal",
      callback_id: "request:deny-reason",
      private_metadata: JSON.stringify({ value: `k3m9qz:${HASH}`, channel: "C0TEAMA" }),
      blocks: [{ type: "input", block_id: "reason" }],
      state: { values: { reason: { text: { type: "plain_text_input", value: "no" } } } },
      app_installed_team_id: "T1",
      ...view,
    },
  });
const OUTSIDE =
  ":no_entry: kinvirt is for people of its own workspace, so nothing was done. Ask one of them; or whoever runs kinvirt " +
  "lets yours in: `workspaces: [T0PARTNER]` in its configuration.";

async function waiting(over: Parameters<typeof front>[0] = {}): Promise<Front> {
  door = await front(over);
  await door.ask(request({ state: "waiting" }));
  await door.hold(record({}, { phase: "requested" }));
  return door;
}
const approve = (user: object, over: object = {}) => click("request:approve", `k3m9qz:${HASH}`, { user, ...over });
const verdicts = async () => (await door.request())?.decisions.map(({ verdict }) => verdict);

test("an approver's button pressed from another workspace, even with an approver's id, decides nothing", async () => {
  await waiting();
  expect(await door.post({ body: approve(by("U0APPROVER", "T0PARTNER")) })).toEqual({ status: 200, text: "" });
  expect(await verdicts()).toEqual([]);
  expect(door.slack.whispers.map(wordsOf)).toEqual([OUTSIDE]);
  expect(door.queued()).toEqual([]);
  const fields = { user: "U0APPROVER", workspace: "T0PARTNER", channel: "C0TEAMA" };
  expect(door.logged).toContainEqual({ event: "slack.outsider", fields });
});

test.each<readonly [string, object, object, readonly string[]]>([
  ["of the app's own workspace", by("U0APPROVER", "T1"), {}, []],
  ["of whom Slack does not say whose they are", { id: "U0APPROVER" }, {}, []],
  ["of a workspace that the configuration names", by("U0APPROVER", "T0SISTER"), {}, ["T0SISTER"]],
  ["of a workspace that it names of a whole organization", by("U0APPROVER", "T0SISTER"), { team: null }, ["T0SISTER"]],
])("somebody %s is let in", async (_, user, over, workspaces) => {
  await waiting({ config: { ...exampleConfig(), workspaces: [...workspaces] } });
  await door.post({ body: approve(user, over) });
  expect(await verdicts()).toEqual(["approve"]);
});

test.each<readonly [readonly string[]]>([
  [["T0SISTER"]],
  [[]],
])("where it names %j of a whole organization, everybody else is outside", async (workspaces) => {
  await waiting({ config: { ...exampleConfig(), workspaces: [...workspaces] } });
  await door.post({ body: approve(by("U0APPROVER", "T0PARTNER"), { team: null }) });
  expect(await verdicts()).toEqual([]);
});

test("a modal that comes from another workspace closes and does nothing; from our own it does what it says", async () => {
  await waiting();
  const { text } = await door.post({ body: submitted({ user: by("U0APPROVER", "T0PARTNER") }) });
  expect(JSON.parse(text)).toEqual({ response_action: "clear" });
  expect(await verdicts()).toEqual([]);
  await door.post({ body: submitted({ user: by("U0APPROVER", "T1"), trigger_id: "t8" }) });
  expect(await verdicts()).toEqual(["deny"]);
});

test("they are in no tenant: nothing is kept of where they pressed", async () => {
  await waiting();
  await door.post({ body: approve(by("U0PARTNER", "T0PARTNER")) });
  const rows: string[] = [];
  for await (const { key } of door.deps.store.list("place/")) rows.push(key);
  expect(rows.filter((key) => key.includes("U0PARTNER"))).toEqual([]);
});

test("a Slack that says nothing keeps nobody waiting, and they are outside all the same", async () => {
  const slack = recordingSlack();
  slack.ephemeral = async () => {
    throw new SlackError("no_answer", "Slack did not answer");
  };
  await waiting({ slack });
  expect(await door.post({ body: approve(by("U0APPROVER", "T0PARTNER")) })).toEqual({ status: 200, text: "" });
  expect(await verdicts()).toEqual([]);
  expect(door.logged.map(({ event }) => event)).toContain("slack.untold");
});
