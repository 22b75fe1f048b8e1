import { createHash } from "node:crypto";
import { z } from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { type Documents, documents } from "../../shared/state/documents.ts";
import { firstTime } from "../../shared/state/index.ts";
import { homeView } from "../views/home.ts";
import { wake } from "../wake.ts";
import { homeState } from "./state.ts";

/** For how long the tab of somebody who opened it follows what happens. */
const OPEN_SECONDS = 8 * 3600;
/** How old a tab may grow that no message brought up to date. */
const LATE_SECONDS = 60;
/** What changes meanwhile is shown together. */
const TOGETHER_SECONDS = 3;

const home = z.strictObject({
  user: z.string(),
  /** From 0. */
  page: z.int().min(0),
  /** Hash of what the tab shows. */
  shown: z.string().optional(),
});

/** Key: the person. Those who opened their tab lately. */
const homes = (store: StateStore): Documents<z.infer<typeof home>> => documents(store, "home/", home);

/** Somebody looks at their tab. */
export async function homeOpened(deps: Deps, user: string): Promise<void> {
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
  const view = homeView(await homeState(deps, user, open.page));
  const shown = createHash("sha256").update(JSON.stringify(view)).digest("hex");
  if (shown === open.shown) return;
  try {
    await deps.slack.publishHome(user, view);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.home", { user, code: error.code });
    return;
  }
  await homes(deps.store).change(user, (now) => (now.page === open.page ? { ...now, shown } : undefined));
}

async function openHomes(deps: Deps): Promise<readonly string[]> {
  const users: string[] = [];
  for await (const { user } of homes(deps.store).list()) users.push(user);
  return users;
}

/** After a message was handled: tabs that are open follow it, once in a few seconds. Never fails what was handled. */
export async function homesFollow(message: Message, deps: Deps): Promise<void> {
  try {
    if (message.is !== "plan" && message.is !== "reconcile") return;
    for (const user of await openHomes(deps)) {
      if (await firstTime(deps.store, `home/${user}`, TOGETHER_SECONDS))
        await deps.queue.enqueue({ is: "home", user }, TOGETHER_SECONDS);
    }
  } catch (error) {
    deps.log.warn("home.behind", { error: String(error) });
  }
}

/** With every sweep: a tab that no message brought up to date is, within a minute. */
export async function homesDue(deps: Deps): Promise<void> {
  for (const user of await openHomes(deps)) {
    if (await firstTime(deps.store, `home-late/${user}`, LATE_SECONDS))
      await deps.queue.enqueue({ is: "home", user }, 0);
  }
}
