import { BOT, Refusal, TEAM } from "../model.ts";
import { channelOf, type Method, type Methods, required } from "./method.ts";

const authTest: Method = (_args, { origin }) => ({
  url: `${origin}/`,
  team: TEAM.name,
  user: BOT.name,
  team_id: TEAM.id,
  user_id: BOT.user,
  bot_id: BOT.bot,
  is_enterprise_install: false,
});

const usersInfo: Method = (args, { workspace }) => {
  const person = workspace.person(required(args, "user"));
  if (person === undefined) throw new Refusal("user_not_found");
  const { id, name, real_name, title } = person;
  const profile = { real_name, display_name: name, title, email: `${name}@example.org` };
  const known = { id, team_id: TEAM.id, name, profile, is_bot: false };
  // Of a deactivated person Slack shows no more than this.
  if (workspace.isDeactivated(id)) return { user: { ...known, deleted: true } };
  return { user: { ...known, real_name, tz: "Etc/UTC", deleted: false } };
};

const groupMembers: Method = (args, { workspace }) => {
  const users = workspace.groups[required(args, "usergroup")];
  if (users === undefined) throw new Refusal("no_such_subteam");
  return { users };
};

const addReaction: Method = (args, parts) => {
  const channel = channelOf(args, parts).id;
  const message = parts.workspace.get(channel, required(args, "timestamp"));
  const name = required(args, "name");
  const users = message.reactions.find((one) => one.name === name)?.users ?? [];
  if (users.includes(BOT.user)) throw new Refusal("already_reacted");
  const others = message.reactions.filter((one) => one.name !== name);
  parts.workspace.edit(channel, message.ts, { reactions: [...others, { name, users: [...users, BOT.user] }] });
  return {};
};

export const people: Methods = {
  "auth.test": authTest,
  "users.info": usersInfo,
  "usergroups.users.list": groupMembers,
  "reactions.add": addReaction,
};
