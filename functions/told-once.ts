import type { Deps } from "../shared/ports/deps.ts";
import { firstTime, forget } from "../shared/state/index.ts";

/** Shorter than a message that was taken stays hidden, so that who died while telling is followed by another. */
const TELLING_SECONDS = 120;
/** As long as the queue keeps a message. */
const TOLD_SECONDS = 86_400;

/**
 * A queue may hand one message to two at once, or again to a second one, and what is told to one person alone can't be found in
 * Slack afterwards. So whoever has the answer first tells it, and the other is silent. `message`: its id in the queue.
 */
export function toldOnce(deps: Deps, message: string): Deps {
  const ephemeral: Deps["slack"]["ephemeral"] = async (channel, user, said) => {
    const telling = `telling/${message}`;
    const told = (await deps.store.get(`once/told/${message}`)) !== undefined;
    if (told || !(await firstTime(deps.store, telling, TELLING_SECONDS)))
      return deps.log.info("whisper.repeated", { messageId: message });
    try {
      await deps.slack.ephemeral(channel, user, said);
    } catch (error) {
      await forget(deps.store, telling);
      throw error;
    }
    await firstTime(deps.store, `told/${message}`, TOLD_SECONDS);
  };
  return { ...deps, slack: { ...deps.slack, ephemeral } };
}
