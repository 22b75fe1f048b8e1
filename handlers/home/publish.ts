import { createHash } from "node:crypto";
import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { type Documents, documents } from "../../shared/state/documents.ts";
import { firstTime, requests } from "../../shared/state/index.ts";
import { unreadable } from "../records.ts";
import { type HomeState, homeView } from "../views/home.ts";
import { wake } from "../wake.ts";
import { homeState } from "./state.ts";

/** For how long the tab of somebody who opened it follows what happens. */
const OPEN_SECONDS = 8 * 3600;
/** How old a tab may grow that no message brought up to date. */
const LATE_SECONDS = 60;
/** What changes meanwhile is shown together. */
const TOGETHER_SECONDS = 3;
/** A tab reads all clusters of its tenants: the more there are, the longer until it does so again, and at most so long. */
const TOGETHER_SECONDS_MAX = 300;
const CLUSTERS_A_SECOND = 4;
/** How old the list of open tabs may be: one that was opened in another process follows nothing until then. */
const KNOWN_MS = 5000;
/** Of these pauses one passes until a tab is read anew that no message moves. */
const LATE_PAUSES = 4;

const home = z.strictObject({
  user: z.string(),
  /** From 0. */
  page: z.int().min(0),
  /** Hash of what the tab shows. */
  shown: z.string().optional(),
  /** The tenants that it shows, and how many seconds of changes are shown together; both since it was shown first. */
  tenants: z.array(z.string()).optional(),
  together: z.number().optional(),
});

type Home = z.infer<typeof home>;

/** Key: the person. Those who opened their tab lately. */
const homes = (store: StateStore): Documents<Home> => documents(store, "home/", home);

/** Somebody looks at their tab. */
export async function homeOpened(deps: Deps, user: string): Promise<void> {
  known.delete(deps.store);
  await deps.store.delete(`home/${user}`);
  await deps.store.putIfAbsent(`home/${user}`, JSON.stringify({ user, page: 0 }), OPEN_SECONDS);
  await wake(deps, { is: "home", user });
}

/** Turns to another page of the tab. */
export async function turnPage(deps: Deps, user: string, page: number): Promise<void> {
  await homes(deps.store).change(user, (now) => ({ ...now, page }));
  await wake(deps, { is: "home", user });
}

/** Brings a tab up to date, where it is open and shows something else. Slack saying no costs nothing but the tab. */
export async function publishHome(user: string, deps: Deps): Promise<void> {
  const open = await homes(deps.store).get(user);
  if (open === undefined) return;
  const state = await homeState(deps, user, open.page);
  const view = homeView(state);
  const shown = createHash("sha256").update(JSON.stringify(view)).digest("hex");
  if (shown === open.shown) return;
  try {
    await deps.slack.publishHome(user, view);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.home", { user, code: error.code });
    return;
  }
  const next = { shown, tenants: state.tenants.map(({ name }) => name), together: togetherOf(state) };
  await homes(deps.store).change(user, (now) => (now.page === open.page ? { ...now, ...next } : undefined));
}

function togetherOf({ tenants }: HomeState): number {
  const count = tenants.reduce((sum, { clusters }) => sum + clusters.length, 0);
  return Math.min(TOGETHER_SECONDS_MAX, Math.max(TOGETHER_SECONDS, count / CLUSTERS_A_SECOND));
}

/** By store: what its process has seen last. Every message asks, and there are many in a second. */
const known = new WeakMap<StateStore, { readonly untilMs: number; readonly open: readonly Home[] }>();

async function openHomes({ store, clock, log }: Deps): Promise<readonly Home[]> {
  const before = known.get(store);
  if (before !== undefined && clock.nowMs() < before.untilMs) return before.open;
  const open: Home[] = [];
  for await (const one of homes(store).list("", unreadable({ log }), { mayLag: true })) open.push(one);
  known.set(store, { untilMs: clock.nowMs() + KNOWN_MS, open });
  return open;
}

/** The tenant that a message is about. */
async function tenantOf(deps: Deps, message: Message & { is: "plan" | "reconcile" }): Promise<string | undefined> {
  if (message.is === "reconcile") return message.cluster.split("/")[0];
  return (await requests(deps.store).get(message.request))?.tenant;
}

/** After a message was handled: tabs that are open follow it, once in a few seconds. Never fails what was handled. */
export async function homesFollow(message: Message, deps: Deps): Promise<void> {
  try {
    if (message.is !== "plan" && message.is !== "reconcile") return;
    const tenant = await tenantOf(deps, message);
    for (const { user, tenants, together = TOGETHER_SECONDS } of await openHomes(deps)) {
      // Whom it concerns is not always known: then it is everybody.
      const follows = tenant === undefined || !tenants?.length || tenants.includes(tenant);
      if (follows && (await firstTime(deps.store, `home/${user}`, together)))
        await deps.queue.enqueue({ is: "home", user }, together);
    }
  } catch (error) {
    deps.log.warn("home.behind", { error: String(error) });
  }
}

/** With every sweep: a tab that no message brought up to date is, within a minute. */
export async function homesDue(deps: Deps): Promise<void> {
  for (const { user, together = 0 } of await openHomes(deps)) {
    if (await firstTime(deps.store, `home-late/${user}`, Math.max(LATE_SECONDS, together * LATE_PAUSES)))
      await deps.queue.enqueue({ is: "home", user }, 0);
  }
}
