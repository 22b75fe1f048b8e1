import { clicked } from "../../handlers/actions/index.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { exampleConfig, recordingSlack } from "../support/bot.ts";
import { type Desk, desk, wordsOf } from "./desk.ts";
import { HASH, NOW_MS, request, spec } from "./given.ts";

// Goal: everybody sees what waits, for whom and until when, and can do there what they may do and no more.
const HOUR_MS = 3_600_000;
const SINCE = "<!date^1767268800^{date_short_pretty} at {time}|2026-01-01 12:00 UTC>";
const UNTIL = "<!date^1767355200^{date_short_pretty} at {time}|2026-01-02 12:00 UTC>";

async function waiting(...asked: Parameters<typeof request>[0][]): Promise<Desk> {
  const one = desk();
  await one.ask(...asked.map((over) => request(over)));
  return one;
}

/** Actions of all buttons, in order. */
const buttons = (part: unknown): readonly string[] => {
  if (typeof part !== "object" || part === null) return [];
  const own = "action_id" in part ? [String(part.action_id)] : [];
  return [...own, ...Object.values(part).flatMap(buttons)];
};

async function turned(one: Desk, action: string, value: string, user = "U0APPROVER") {
  const answer = await clicked({ action, value, user, channel: "C0TEAMA", trigger: "t9" }, one.deps);
  return { text: answer === undefined ? "" : wordsOf(answer.message), buttons: buttons(answer?.message), answer };
}

test("nothing waits", async () => {
  const one = await waiting({ state: "approved" }, { id: "a00000", dryRun: true }, { id: "b00000", tenant: "team-b" });
  expect(await one.type("requests")).toBe(":white_check_mark: No request of *team-a* waits.\nRefresh\nOnly mine");
  expect(await one.type("requests --mine")).toBe(
    ":white_check_mark: No request of yours in *team-a* waits.\nRefresh\nAll of the team",
  );
});

test("what waits, for whom, since when and until when, the one that lapses first at the top", async () => {
  const one = await waiting(
    {},
    { id: "a00000", name: "soon", action: "delete", expiresMs: NOW_MS + HOUR_MS, spec: spec({ name: "soon" }) },
    { id: "b00000", name: "over", expiresMs: NOW_MS },
  );
  const lines = (await one.type("requests", "U0OTHER")).split("\n");
  expect(lines[0]).toBe(":raised_hand: 2 requests of *team-a* wait.");
  expect(lines[1]).toBe("*soon* (delete) :raised_hand: needs 1 approval of <@U0APPROVER> and <@U0SECOND>");
  expect(lines.slice(4, 7)).toEqual([
    "*dev* (create) :raised_hand: needs 1 approval of <@U0APPROVER> and <@U0SECOND>",
    "1 control plane (m1.medium), 2 workers (m1.large), Kubernetes 1.36, calico, 94 GiB of shared storage · 168.78 EUR a month",
    `asked for by <@U0DEV> ${SINCE} · lapses ${UNTIL} · request \`k3m9qz\``,
  ]);
});

test.each([
  [
    "an approver",
    "U0APPROVER",
    ", 1 of them for you",
    ["requests:review", "request:deny", "requests:again", "requests:whose"],
  ],
  ["the one who asked", "U0DEV", "", ["request:cancel", "requests:again", "requests:whose"]],
  ["anybody else", "U0OTHER", "", ["requests:again", "requests:whose"]],
])("%s sees the buttons that they may press", async (_what, user, forWhom, actions) => {
  const one = await waiting({});
  const seen = await turned(one, "requests:whose", "all:0", user);
  expect(seen.text).toContain(`:raised_hand: 1 request of *team-a* waits${forWhom}.`);
  expect(seen.buttons).toEqual(actions);
  expect(seen.answer?.replaces).toBe(true);
});

test("who has approved, and that nobody is left", async () => {
  const config = exampleConfig();
  config.policy.approvals = 2;
  const one = desk({ config });
  const yes = { user: "U0APPROVER", verdict: "approve" as const, atMs: NOW_MS, hash: HASH };
  await one.ask(request({ decisions: [yes] }), request({ id: "a00000", name: "lost", short: 2 }));
  const text = await one.type("requests");
  expect(text).toContain(
    "*dev* (create) :raised_hand: needs 1 approval of <@U0SECOND>; approved so far by <@U0APPROVER>",
  );
  expect(text).toContain("*lost* (create) :warning: needs 2 approvals, and nobody is left who may give it");
});

test("five to a page, mine or all", async () => {
  const one = await waiting(
    ...Array.from({ length: 12 }, (_, at) => ({
      id: `r0000${at.toString(36)}`,
      name: `c${at}`,
      expiresMs: NOW_MS + (at + 1) * HOUR_MS,
      requester: at < 6 ? "U0DEV" : "U0OTHER",
    })),
  );
  const names = (text: string) => [...text.matchAll(/^\*(c\d+)\*/gm)].map(([, name]) => name);
  expect(names(await one.type("requests"))).toEqual(["c0", "c1", "c2", "c3", "c4"]);
  const last = await turned(one, "requests:later", "all:2");
  expect(names(last.text)).toEqual(["c10", "c11"]);
  expect(last.text).toContain("page 3 of 3");
  expect(last.buttons.filter((action) => action.startsWith("requests:l"))).toEqual([]);
  const mine = await turned(one, "requests:later", "mine:1", "U0DEV");
  expect(names(mine.text)).toEqual(["c5"]);
  const beyond = await turned(one, "requests:later", "all:99");
  expect(names(beyond.text)).toEqual(["c10", "c11"]);
  expect((await turned(one, "requests:later", "all:-1")).text).toMatch(/older version/);
});

test("where Slack opens no plan, the approver is told what to type", async () => {
  const openModal = () => Promise.reject(new SlackError("expired_trigger_id", "views.open: expired_trigger_id"));
  const one = desk({ slack: { ...recordingSlack(), openModal } });
  await one.ask(request());
  expect((await turned(one, "requests:review", `k3m9qz:${HASH}`)).text).toBe(
    ":no_entry: Slack did not open the form (`expired_trigger_id`), so nothing was done. Try again, or type `/k8s approve k3m9qz`",
  );
});

test("an approver sees the exact plan before it is approved, bound to its hash", async () => {
  const opened: unknown[] = [];
  const openModal = async (trigger: string, view: unknown) => {
    opened.push([trigger, view]);
    return undefined;
  };
  const one = desk({ slack: { ...recordingSlack(), openModal } });
  await one.ask(request());
  expect((await turned(one, "requests:review", `k3m9qz:${HASH}`)).text).toBe("");
  expect(opened).toEqual([
    [
      "t9",
      expect.objectContaining({
        private_metadata: JSON.stringify({ value: `k3m9qz:${HASH}`, channel: "C0TEAMA" }),
      }),
    ],
  ]);
  expect((await turned(one, "requests:review", `k3m9qz:${"0".repeat(64)}`)).text).toMatch(/The plan has changed/);
  expect((await turned(one, "requests:review", `k3m9qz:${HASH}`, "U0OTHER")).text).toMatch(/Deciding is for approvers/);
  expect((await turned(one, "requests:review", "k3m9qz")).text).toMatch(/older version/);
});

test("those that lapse at the same moment stand in the order of their asking; what has lapsed is not there", async () => {
  const one = await waiting(
    { id: "a00000", name: "second", createdMs: NOW_MS - 1 },
    { id: "b00000", name: "first", createdMs: NOW_MS - 2 },
    { id: "c00000", name: "sooner", expiresMs: NOW_MS + 1 },
    { id: "d00000", name: "over", expiresMs: NOW_MS },
  );
  const names = (text: string) => [...text.matchAll(/^\*(\w+)\* \(/gm)].map(([, name]) => name);
  expect(names(await one.type("requests"))).toEqual(["sooner", "first", "second"]);
});

test("what is still planned, or is one's own, waits for nobody who looks", async () => {
  const one = await waiting({ state: "planning" }, { id: "a00000", requester: "U0APPROVER" });
  expect((await turned(one, "requests:again", "all:0")).text).toContain(":raised_hand: 2 requests of *team-a* wait.");
  const own = await turned(one, "requests:again", "mine:0");
  expect(own.text).toContain("request `a00000`");
  expect(own.text).not.toContain("request `k3m9qz`");
});

test("Slack is asked once for each list of approvers; where it does not answer the button asks again", async () => {
  const config = exampleConfig();
  config.policy.approvers = ["S0GROUP"];
  config.policy.actions = { delete: { approvers: ["S0BOSSES"] } };
  const asked: string[] = [];
  const membersOf = async (group: string) => {
    asked.push(group);
    if (group === "S0BOSSES") throw new SlackError("no_answer", "Slack did not answer");
    return [];
  };
  const one = desk({ config, slack: { ...recordingSlack(), membersOf } });
  await one.ask(
    request(),
    request({ id: "a00000" }),
    request({ id: "b00000", action: "delete" }),
    request({ id: "c00000", action: "delete" }),
  );
  const seen = await turned(one, "requests:again", "all:0");
  expect(asked.sort()).toEqual(["S0BOSSES", "S0GROUP"]);
  expect(seen.text).toContain("4 requests of *team-a* wait, 2 of them for you.");
  expect(one.logged).toEqual([{ event: "approvers.unknown", fields: { code: "no_answer" } }]);
  const broken = () => Promise.reject(new TypeError("broken"));
  const other = desk({ config, slack: { ...recordingSlack(), membersOf: broken } });
  await other.ask(request());
  await expect(other.type("requests")).rejects.toThrow("broken");
});
