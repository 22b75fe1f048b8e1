import { parse as parseForm } from "node:querystring";
import type { RequestHandler } from "express";
import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import { refused } from "../views/answers.ts";
import { code } from "../views/text.ts";
import { within } from "../within.ts";
import type { Verified } from "./verify.ts";

/**
 * As much of an interaction as says whose it is. `team` is the workspace that the app is installed in (null: in a whole
 * organization), but in what comes of a modal the person's own; `view` names the app's then.
 * Source: https://docs.slack.dev/reference/interaction-payloads, slackapi/java-slack-sdk#1041, slackapi/bolt-js#1614
 */
const interaction = z.object({
  type: z.string(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }).optional(),
  view: z.object({ app_installed_team_id: z.string().nullish() }).optional(),
});

type Interaction = z.infer<typeof interaction>;

/** Undefined: it is none, or not of the shape of one, which those behind the door tell. */
function interactionIn(body: string): Interaction | undefined {
  const { payload } = parseForm(body);
  if (typeof payload !== "string") return undefined;
  return interaction.safeParse(JSON.parse(payload)).data;
}

function isOutsider({ user, team, view }: Interaction, workspaces: readonly string[]): boolean {
  const home = view?.app_installed_team_id ?? team?.id;
  const own = home === undefined ? workspaces : [home, ...workspaces];
  return user.team_id !== undefined && !own.includes(user.team_id);
}

const outside = (workspace: string): string =>
  "kinvirt is for people of its own workspace, so nothing was done. Ask one of them; or whoever runs kinvirt lets yours in: " +
  `${code(`workspaces: [${workspace}]`)} in its configuration.`;

/**
 * A channel may be shared with another organization, and everybody in it can press what the bot posts there. Those people
 * are in no tenant: nothing of what they press comes any further. Commands are offered to the app's own workspace alone.
 * Source: https://docs.slack.dev/apis/slack-connect
 */
export function outsiders(deps: Pick<Deps, "config" | "slack" | "log" | "clock">): RequestHandler {
  return async (request, response, next) => {
    const { rawBody, dueMs = deps.clock.nowMs() }: Verified = request as Verified;
    const acted = interactionIn(rawBody?.toString("utf8") ?? "");
    if (acted === undefined || !isOutsider(acted, deps.config.workspaces)) return next();
    const { user, channel } = acted;
    deps.log.warn("slack.outsider", { user: user.id, workspace: user.team_id ?? "", channel: channel?.id ?? "" });
    if (channel !== undefined) {
      const told = deps.slack.ephemeral(channel.id, user.id, refused(outside(user.team_id ?? "")));
      await within(deps.clock, dueMs - deps.clock.nowMs(), told).catch((error: unknown) =>
        deps.log.warn("slack.untold", { channel: channel.id, error: String(error) }),
      );
    }
    if (acted.type === "view_submission") return void response.status(200).json({ response_action: "clear" });
    response.status(200).send();
  };
}
