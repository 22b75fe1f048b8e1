import { buttonValue } from "../support/bot.ts";
import type { Approvals } from "./approvals.ts";
import type { Draw } from "./draw.ts";
import type { Hands } from "./hands.ts";
import type { World } from "./world.ts";

export const NAMES = ["dev", "dev-2", "ci", "api", "test"] as const;
const DEVELOPERS = ["U0DEV", "U0OPS", "U0APPROVER"] as const;
const APPROVERS = ["U0APPROVER", "U0SECOND", "U0THIRD", "U0DEV"] as const;
export const CHANNELS: Readonly<Record<string, string>> = { "team-a": "C0TEAMA", "team-b": "C0TEAMB" };

interface Life {
  readonly name: string;
  readonly tenant: string;
  readonly channel: string;
  readonly user: string;
  /** Of the request that was answered last. */
  request: string | undefined;
}

type Act = "approve" | "deny" | "cancel" | "delete" | "retry" | "renew" | "look" | "wait" | "create";

/** What somebody does next, by character: twice in the list is twice as likely. */
const CHARACTERS: Readonly<Record<string, readonly [Act, ...Act[]]>> = {
  steady: ["approve", "wait", "approve", "look", "renew"],
  hasty: ["approve", "delete", "create", "delete", "approve"],
  fickle: ["deny", "approve", "cancel", "create", "delete", "retry"],
  absent: ["wait", "look"],
  careful: ["approve", "wait", "renew", "wait", "retry", "look", "delete", "approve"],
};

const LOOKS = [
  ...["status NAME", "list", "lb NAME", "dns", "nodes NAME", "storage NAME", "kms NAME", "events NAME"],
  ...["quota", "requests", "audit NAME"],
] as [string, ...string[]];

/** How many workers: a bug is there in few things as in many. */
const SMALL = ["0", "0", "0", "0", "0", "1", "1", "1", "2"] as const;
const BIG = ["0", "1", "1", "2", "3"] as const;

/** How often somebody does something after asking, where there is little time. */
const BRIEF_ACTS_MAX = 4;
const IDLE: ReadonlySet<Act> = new Set(["look", "wait"]);

/** What is asked for. Of most clusters one or two servers are enough to have every kind of thing in them. */
function words(life: Life, draw: Draw, big: boolean, shares: boolean): string {
  const some = (text: string, probability: number) => (draw.yes(probability) ? ` ${text}` : "");
  return [
    `create ${life.name}`,
    ` --workers ${draw.pick(big ? BIG : SMALL)}`,
    some(`--rwx ${draw.pick(["20Gi", "40Gi", "100G"])}`, shares ? 0.5 : 0.02),
    some(`--ttl ${draw.pick(["30m", "1h", "2h", "1d"])}`, 0.6),
    some("--control-plane 3", big ? 0.2 : 0.02),
    some("--dry-run", 0.05),
  ].join("");
}

/** One person's wish from beginning to end, or to wherever patience ends. */
export async function live(
  world: World,
  hands: Hands,
  approvals: Approvals,
  at: { readonly number: number; readonly untilMs: number; readonly big: boolean; readonly brief: boolean },
): Promise<void> {
  const { time, slack } = world;
  const draw = world.draw.fork(`life/${at.number}`);
  const tenant = draw.pick(["team-a", "team-b"] as const);
  const life: Life = {
    name: draw.pick(NAMES),
    tenant,
    channel: CHANNELS[tenant] ?? "",
    user: draw.pick(DEVELOPERS),
    request: undefined,
  };
  const shares = world.config.tenants[tenant]?.shareType !== undefined;
  const character = CHARACTERS[draw.pick(["steady", "hasty", "fickle", "absent", "careful"])] ?? (["wait"] as const);
  const type = (text: string, user = life.user) => hands.type(text, user, life.channel);
  const button = (action: string): string | undefined =>
    slack.posts
      .filter((post) => post.channel === life.channel)
      .map((post) => buttonValue(post.message, action))
      .findLast((value) => value !== undefined && (life.request === undefined || value.startsWith(life.request)));

  /** As many of them as it takes, if they agree and are asked. */
  async function decide(verdict: "approve" | "deny"): Promise<void> {
    for (let left = verdict === "deny" ? 1 : world.config.policy.approvals; left > 0; left -= 1) {
      await decideAs(draw.pick(APPROVERS), verdict);
      if (left > 1) await time.wait(draw.between(500, 60_000));
    }
  }

  async function decideAs(user: string, verdict: "approve" | "deny"): Promise<void> {
    const value = button(`request:${verdict}`);
    if (value === undefined || verdict === "deny" || draw.yes(0.2)) {
      if (life.request === undefined) return;
      if (verdict === "approve") approvals.tried({ request: life.request, user, hash: undefined });
      await type(verdict === "approve" ? `approve ${life.request}` : `deny ${life.request} not now`, user);
      return;
    }
    const [request = "", hash = ""] = value.split(":");
    approvals.tried({ request, user, hash });
    await hands.click("request:approve", value, user, life.channel);
    // A finger that is too fast.
    if (draw.yes(0.2)) await hands.click("request:approve", value, user, life.channel);
  }

  async function remove(): Promise<void> {
    const user = draw.yes(0.8) ? life.user : draw.pick(DEVELOPERS);
    const asked = await type(`delete ${life.name}${draw.yes(0.2) ? " --keep-data" : ""}`, user);
    const value = buttonValue(asked, "delete:confirm");
    if (value === undefined) return;
    await time.wait(draw.between(1000, 60_000));
    life.request = requestIn(await hands.click("delete:confirm", value, user, life.channel)) ?? life.request;
    if (draw.yes(0.3)) await hands.click("delete:confirm", value, user, life.channel);
  }

  async function act(what: Act): Promise<void> {
    if (what === "approve" || what === "deny") return decide(what);
    if (what === "delete") return remove();
    if (what === "create") life.request = requestIn(await type(words(life, draw, at.big, shares))) ?? life.request;
    else if (what === "cancel" && life.request !== undefined) await type(`cancel ${life.request}`);
    else if (what === "retry") await type(`retry ${life.name}`);
    else if (what === "renew") await type(`renew ${life.name}`);
    else if (what === "look") await type(draw.pick(LOOKS).replace("NAME", life.name));
  }

  await time.wait(draw.between(0, (at.big ? 20 : 6) * 60_000));
  await act("create");
  let acts = at.brief ? draw.between(1, BRIEF_ACTS_MAX) : Number.POSITIVE_INFINITY;
  let first = true;
  while (acts > 0 && time.nowMs() < at.untilMs) {
    await time.wait(draw.yes(0.5) ? draw.between(500, 30_000) : draw.between(30_000, 12 * 60_000));
    const what = first && at.brief && draw.yes(0.6) ? "approve" : draw.pick(character);
    await act(what);
    first = false;
    if (!IDLE.has(what)) acts -= 1;
  }
}

/** The id in the words of an answer. */
const requestIn = (answer: unknown): string | undefined =>
  /request `([a-z0-9]{6})`/.exec(JSON.stringify(answer ?? ""))?.[1];
