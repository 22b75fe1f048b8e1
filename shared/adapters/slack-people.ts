import { type Slack, SlackError } from "../ports/slack.ts";
import type { Call } from "./slack-web.ts";

/** What users.info says of ids that are nobody's here. */
const NOBODY: ReadonlySet<string> = new Set(["user_not_found", "user_not_visible"]);

/** Who is in a group, and who is still there. `call`: makes a SlackError of every failure. */
export const slackPeople = (call: Call): Pick<Slack, "membersOf" | "isReachable"> => ({
  async membersOf(userGroup) {
    const { users = [] } = await call("usergroups.users.list", (client) =>
      client.usergroups.users.list({ usergroup: userGroup }),
    );
    return users;
  },
  async isReachable(user) {
    try {
      const { user: found } = await call("users.info", (client) => client.users.info({ user }));
      return found?.deleted !== true && found?.is_bot !== true;
    } catch (error) {
      if (error instanceof SlackError && NOBODY.has(error.code)) return false;
      throw error;
    }
  },
});
