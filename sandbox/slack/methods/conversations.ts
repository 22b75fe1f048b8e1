import { BOT, type Channel, type Json, type Message, Refusal } from "../model.ts";
import {
  channelOf,
  count,
  flag,
  type Method,
  type Methods,
  messageJson,
  optional,
  type Parts,
  required,
} from "./method.ts";

/** What a history can hold: ephemeral messages are in none. Newest first. */
const posted = (channel: string, { workspace }: Parts): readonly Message[] =>
  workspace
    .all()
    .filter((message) => message.channel === channel && message.visibleTo === undefined)
    .reverse();

const repliesOf = (all: readonly Message[], ts: string): readonly Message[] =>
  all.filter((message) => message.thread_ts === ts).reverse();

/** `oldest` and `latest` are exclusive unless `inclusive` is set. A cursor is the ts to go on from. */
function page(
  args: Json,
  messages: readonly Message[],
): { readonly items: readonly Message[]; readonly next: string | undefined } {
  const oldest = Number(optional(args, "oldest") ?? 0);
  const latest = Number(optional(args, "latest") ?? Number.POSITIVE_INFINITY);
  const cursor = optional(args, "cursor");
  const inclusive = flag(args, "inclusive");
  const within = messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
  const start = cursor === undefined ? 0 : within.findIndex(({ ts }) => ts === cursor);
  if (start < 0) throw new Refusal("invalid_cursor");
  const limit = count(args, "limit", 100);
  return { items: within.slice(start, start + limit), next: within[start + limit]?.ts };
}

const listing = (messages: readonly Json[], next: string | undefined): Json => ({
  messages,
  has_more: next !== undefined,
  response_metadata: { next_cursor: next ?? "" },
});

const history: Method = (args, parts) => {
  const all = posted(channelOf(args, parts).id, parts);
  const { items, next } = page(
    args,
    all.filter((message) => message.thread_ts === undefined),
  );
  const metadata = flag(args, "include_all_metadata");
  return listing(
    items.map((one) => messageJson(one, repliesOf(all, one.ts), metadata)),
    next,
  );
};

const replies: Method = (args, parts) => {
  const all = posted(channelOf(args, parts).id, parts);
  const ts = required(args, "ts");
  const parent = all.find((message) => message.ts === ts);
  if (parent === undefined) throw new Refusal("thread_not_found");
  const below = repliesOf(all, parent.thread_ts ?? ts);
  const { items, next } = page(args, [parent, ...below]);
  const metadata = flag(args, "include_all_metadata");
  return listing(
    items.map((one) => messageJson(one, one === parent ? below : [], metadata)),
    next,
  );
};

const channelJson = (channel: Channel): Json => ({
  id: channel.id,
  name: channel.name,
  is_channel: channel.user === undefined,
  is_im: channel.user !== undefined,
  is_member: channel.botIsMember,
  is_archived: false,
  ...(channel.user === undefined ? {} : { user: channel.user }),
  topic: { value: channel.topic, creator: BOT.user, last_set: 0 },
});

const open: Method = (args, { workspace }) => {
  const users = required(args, "users").split(",");
  const [user = ""] = users;
  if (users.length !== 1 || workspace.person(user) === undefined) throw new Refusal("user_not_found");
  return { channel: { ...channelJson(workspace.openDirect(user)) } };
};

export const conversations: Methods = {
  "conversations.history": history,
  "conversations.replies": replies,
  "conversations.info": (args, parts) => ({ channel: channelJson(channelOf(args, parts)) }),
  "conversations.open": open,
};
