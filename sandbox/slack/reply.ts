import { messageBlocks } from "./limits.ts";
import { BOT, type Json, type Message } from "./model.ts";
import type { ReplyTo } from "./tickets.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The body of a response_url, or of the answer to a slash command: `response_type`, `replace_original`, `delete_original`.
 * Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 * @throws Refusal `invalid_blocks`
 */
export function applyReply(workspace: Workspace, to: ReplyTo, body: Json): Message | undefined {
  const text = typeof body["text"] === "string" ? body["text"] : "";
  const blocks = body["blocks"] === undefined ? [] : messageBlocks(body["blocks"]);
  if (body["delete_original"] === true && to.ts !== undefined) {
    workspace.remove(to.channel, to.ts);
    return undefined;
  }
  if (text === "" && blocks.length === 0) return undefined;
  if (body["replace_original"] === true && to.ts !== undefined) {
    const edited = to.ephemeral ? {} : { edited: { user: BOT.user, ts: workspace.stamp() } };
    return workspace.edit(to.channel, to.ts, { text, blocks, ...edited });
  }
  const seen = body["response_type"] === "in_channel" ? {} : { visibleTo: to.user };
  const thread = typeof body["thread_ts"] === "string" ? { thread_ts: body["thread_ts"] } : {};
  return workspace.post({ channel: to.channel, user: BOT.user, text, blocks, ...seen, ...thread });
}
