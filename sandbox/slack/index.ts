import type { Router } from "express";
import type { Chance, Clock } from "../../shared/ports/clock.ts";
import { slackDoor } from "./door.ts";
import { noFaults, type SlackFaults } from "./faults.ts";
import { createInteractions, type Interactions } from "./interact.ts";
import { createLine } from "./line.ts";
import type { Parts } from "./methods/method.ts";
import { createOauth, type Oauth, type Rotation } from "./oauth.ts";
import { CHANNELS, PEOPLE, USER_GROUPS } from "./people.ts";
import { createTickets } from "./tickets.ts";
import { createViews, type Views } from "./views.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

export interface SlackOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Where this Slack is reached, without a trailing slash. */
  readonly origin: string;
  /** Where the bot is reached: its request URL. */
  readonly botUrl: string;
  readonly signingSecret: string;
  /** The bot's token: `xoxb-…`. */
  readonly token: string;
  /** With it the app has token rotation. */
  readonly rotation?: Rotation;
}

export interface SandboxSlack {
  readonly workspace: Workspace;
  readonly views: Views;
  readonly acts: Interactions;
  readonly faults: SlackFaults;
  readonly oauth: Oauth;
  readonly router: Router;
}

/** A Slack workspace in memory that speaks the Web API and signs its requests, so that the bot can't tell it from Slack. */
export function createSlack(options: SlackOptions): SandboxSlack {
  const { clock, chance, origin, botUrl, signingSecret } = options;
  const oauth = createOauth(options.token, options.rotation, clock, chance);
  const faults = noFaults();
  const workspace = createWorkspace({ people: PEOPLE, channels: CHANNELS, groups: USER_GROUPS }, clock, chance);
  const tickets = createTickets(clock, chance);
  const views = createViews(workspace, chance);
  const parts: Parts = { workspace, tickets, views, origin };
  const line = createLine({ url: botUrl, signingSecret, clock, faults });
  return {
    workspace,
    views,
    acts: createInteractions(parts, line),
    faults,
    oauth,
    router: slackDoor(parts, { oauth, faults, nowMs: () => clock.nowMs() }),
  };
}
