import { messageBlocks } from "../limits.ts";
import { BOT, type Json, type Message, Refusal } from "../model.ts";
import {
  channelOf,
  type Method,
  type Methods,
  messageJson,
  optional,
  type Parts,
  required,
  writableChannel,
} from "./method.ts";

const POST_CHARS_MAX = 40_000;
/** An edit takes less than a new message, and counts bytes. */
const EDIT_BYTES_MAX = 4000;
/** Of all texts in the blocks of one message, whatever each may hold for itself. */
const BLOCKS_CHARS_MAX = 12_000;

interface Content {
  readonly text: string;
  readonly blocks: readonly Json[];
}

/** Characters that are read in a block: of all its text objects. */
function charsOf(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  const own = "text" in part && typeof part.text === "string" ? part.text.length : 0;
  return Object.values(part).reduce((sum: number, inner: unknown) => sum + charsOf(inner), own);
}

/** @throws Refusal `no_text`, `msg_too_long`, `invalid_blocks`, `msg_blocks_too_long` */
function content(args: Json): Content {
  const text = optional(args, "text") ?? "";
  const blocks = args["blocks"] === undefined ? [] : messageBlocks(args["blocks"]);
  if (text === "" && blocks.length === 0) throw new Refusal("no_text");
  if (text.length > POST_CHARS_MAX) throw new Refusal("msg_too_long");
  if (charsOf(blocks) > BLOCKS_CHARS_MAX) throw new Refusal("msg_blocks_too_long");
  return { text, blocks };
}

/** @throws Refusal as `content` does, and for a shorter text */
function editedContent(args: Json): Content {
  const what = content(args);
  if (Buffer.byteLength(what.text) > EDIT_BYTES_MAX) throw new Refusal("msg_too_long");
  return what;
}

/** @throws Refusal `invalid_metadata_format` */
function metadata(args: Json): { readonly metadata?: Json } {
  const value = args["metadata"];
  if (value === undefined) return {};
  const known = typeof value === "object" && value !== null && "event_type" in value && "event_payload" in value;
  if (!known) throw new Refusal("invalid_metadata_format");
  return { metadata: { ...value } };
}

function thread(args: Json, channel: string, { workspace }: Parts): { readonly thread_ts?: string } {
  const ts = optional(args, "thread_ts");
  if (ts === undefined) return {};
  const parent = workspace.all().find((message) => message.channel === channel && message.ts === ts);
  if (parent === undefined) throw new Refusal("thread_not_found");
  return { thread_ts: parent.thread_ts ?? ts };
}

/** A bot changes its own messages only. @throws Refusal `message_not_found`, `cant_update_message` */
function own(args: Json, channel: string, { workspace }: Parts, code: string): Message {
  const message = workspace.get(channel, required(args, "ts"));
  if (message.visibleTo !== undefined) throw new Refusal("message_not_found");
  if (message.user !== BOT.user) throw new Refusal(code);
  return message;
}

const postMessage: Method = (args, parts) => {
  const channel = writableChannel(args, parts).id;
  const what = { ...content(args), ...thread(args, channel, parts), ...metadata(args) };
  const message = parts.workspace.post({ channel, user: BOT.user, ...what });
  return { channel, ts: message.ts, message: messageJson(message, [], true) };
};

const update: Method = (args, parts) => {
  const channel = writableChannel(args, parts).id;
  const { ts } = own(args, channel, parts, "cant_update_message");
  const edited = { user: BOT.user, ts: parts.workspace.stamp() };
  const message = parts.workspace.edit(channel, ts, { ...editedContent(args), ...metadata(args), edited });
  return { channel, ts, text: message.text, message: messageJson(message, [], true) };
};

const remove: Method = (args, parts) => {
  const channel = writableChannel(args, parts).id;
  const { ts } = own(args, channel, parts, "cant_delete_message");
  parts.workspace.remove(channel, ts);
  return { channel, ts };
};

const postEphemeral: Method = (args, parts) => {
  const channel = writableChannel(args, parts).id;
  const user = required(args, "user");
  if (parts.workspace.person(user) === undefined || parts.workspace.isAway(user, channel))
    throw new Refusal("user_not_in_channel");
  const what = { ...content(args), ...thread(args, channel, parts) };
  return { message_ts: parts.workspace.post({ channel, user: BOT.user, visibleTo: user, ...what }).ts };
};

const getPermalink: Method = (args, parts) => {
  const channel = channelOf(args, parts).id;
  const { ts } = parts.workspace.get(channel, required(args, "message_ts"));
  return { channel, permalink: `${parts.origin}/?in=${channel}&message=${ts}` };
};

export const chat: Methods = {
  "chat.postMessage": postMessage,
  "chat.update": update,
  "chat.delete": remove,
  "chat.postEphemeral": postEphemeral,
  "chat.getPermalink": getPermalink,
};
