import { BOT, type Channel, type Json, type Message, Refusal, TEAM } from "../model.ts";
import type { Tickets } from "../tickets.ts";
import type { Views } from "../views.ts";
import type { Workspace } from "../workspace.ts";

export interface Parts {
  readonly workspace: Workspace;
  readonly tickets: Tickets;
  readonly views: Views;
  /** Base of links to messages: `http://localhost:3000`. */
  readonly origin: string;
}

/** One Web API method: arguments in, the answer without its `ok`. @throws Refusal */
export type Method = (args: Json, parts: Parts) => Json;
export type Methods = Readonly<Record<string, Method>>;

export function optional(args: Json, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** @throws Refusal `invalid_arguments` */
export function required(args: Json, name: string): string {
  const value = optional(args, name);
  if (value === undefined) throw new Refusal("invalid_arguments", [`missing required field: ${name}`]);
  return value;
}

export function count(args: Json, name: string, standard: number): number {
  const value = Number(args[name] ?? standard);
  return Number.isInteger(value) && value > 0 ? Math.min(value, 999) : standard;
}

export const flag = (args: Json, name: string): boolean =>
  args[name] === true || args[name] === "true" || args[name] === "1";

/** Where something may be written: not in an archived channel. @throws Refusal as `channelOf` does, and `is_archived` */
export function writableChannel(args: Json, parts: Parts): Channel {
  const channel = channelOf(args, parts);
  if (channel.archived === true) throw new Refusal("is_archived");
  return channel;
}

/** A user id stands for the direct message with that person. @throws Refusal `channel_not_found`, `not_in_channel` */
export function channelOf(args: Json, { workspace }: Parts): Channel {
  const id = optional(args, "channel") ?? "";
  const channel = workspace.person(id) === undefined ? workspace.channel(id) : workspace.openDirect(id);
  if (channel === undefined) throw new Refusal("channel_not_found");
  if (!channel.botIsMember) throw new Refusal("not_in_channel");
  return channel;
}

/** A message as the Web API shows it; metadata only where it was asked for. */
export function messageJson(message: Message, replies: readonly Message[] = [], metadata = false): Json {
  const own = message.user === BOT.user;
  const { channel: _channel, visibleTo: _visibleTo, metadata: kept, reactions, blocks, ...rest } = message;
  const latest = replies.at(-1);
  return {
    type: "message",
    ...rest,
    team: TEAM.id,
    ...(own ? { bot_id: BOT.bot, app_id: BOT.app } : {}),
    ...(blocks.length === 0 ? {} : { blocks }),
    ...(reactions.length === 0 ? {} : { reactions: reactions.map((one) => ({ ...one, count: one.users.length })) }),
    ...(metadata && kept !== undefined ? { metadata: kept } : {}),
    ...(latest === undefined ? {} : { thread_ts: message.ts, reply_count: replies.length, latest_reply: latest.ts }),
  };
}
