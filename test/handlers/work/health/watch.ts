import { health } from "../../../../handlers/work/health/index.ts";
import { type Town, type TownOptions, town } from "../../../support/town.ts";
import { wordsOf } from "../../desk.ts";

export const DEV = "team-a/dev";

/** A cluster that is ready, and somebody on call. */
export async function watch(options: TownOptions = {}, names: readonly string[] = ["dev"]) {
  const at: Town = await town(options);
  for (const name of names) {
    await at.type(`create ${name} --ttl 3d`);
    await at.until(async () => (await at.record(`team-a/${name}`))?.status.told === true);
  }
  const oncall = () => at.slack.said.filter((one) => one.channel === "C0ONCALL");
  return {
    ...at,
    cloud: at.cloudOf("team-a"),
    /** What those on call see outside of threads, message by message. */
    alerts: () => oncall().flatMap((one) => (one.thread === undefined ? [wordsOf(one.message)] : [])),
    threads: () => oncall().flatMap((one) => (one.thread === undefined ? [] : [wordsOf(one.message)])),
    step: async (step: string, name = "dev") => {
      const found = (await at.record(`team-a/${name}`))?.status.steps[step];
      return { id: found?.id ?? "", facts: found?.facts ?? {} };
    },
    /** One look, a minute later. */
    async look(): Promise<void> {
      await at.clock.wait(60_000);
      await health(at.deps);
    },
    /** All that was set going. */
    settle: () => at.work(async () => false),
  };
}

export type Watch = Awaited<ReturnType<typeof watch>>;
