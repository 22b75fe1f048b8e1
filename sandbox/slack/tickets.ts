import type { Chance, Clock } from "../../shared/ports/clock.ts";
import { Refusal } from "./model.ts";

const TRIGGER_MS = 3_000; // https://docs.slack.dev/interactivity/handling-user-interaction
const RESPONSE_MS = 30 * 60_000;
const RESPONSE_USES = 5;

/** Where a response_url answers to: the person's own view of one message, or the channel. */
export interface ReplyTo {
  readonly channel: string;
  readonly user: string;
  /** The message whose button was pressed. */
  readonly ts?: string;
  readonly ephemeral: boolean;
}

/** What Slack hands out to be used once or for a while: trigger ids for modals and response URLs for answers. */
export function createTickets(clock: Clock, chance: Chance) {
  const triggers = new Map<string, { readonly user: string; readonly madeMs: number; used: boolean }>();
  const replies = new Map<string, { readonly to: ReplyTo; readonly madeMs: number; uses: number }>();
  return {
    trigger(user: string): string {
      const id = `${clock.nowMs()}.${chance.token(10)}.${chance.token(24)}`;
      triggers.set(id, { user, madeMs: clock.nowMs(), used: false });
      return id;
    },

    /** The person who may see the modal. @throws Refusal */
    useTrigger(id: string): string {
      const found = triggers.get(id);
      if (found === undefined) throw new Refusal("invalid_trigger_id");
      if (clock.nowMs() - found.madeMs > TRIGGER_MS) throw new Refusal("expired_trigger_id");
      if (found.used) throw new Refusal("exchanged_trigger_id");
      found.used = true;
      return found.user;
    },

    reply(to: ReplyTo): string {
      const id = chance.token(24);
      replies.set(id, { to, madeMs: clock.nowMs(), uses: 0 });
      return id;
    },

    /** @throws Refusal `expired_url` after 30 minutes, `used_url` after 5 answers, `no_such_url`. */
    useReply(id: string): ReplyTo {
      const found = replies.get(id);
      if (found === undefined) throw new Refusal("no_such_url");
      if (clock.nowMs() - found.madeMs > RESPONSE_MS) throw new Refusal("expired_url");
      found.uses += 1;
      if (found.uses > RESPONSE_USES) throw new Refusal("used_url");
      return found.to;
    },
  };
}

export type Tickets = ReturnType<typeof createTickets>;
