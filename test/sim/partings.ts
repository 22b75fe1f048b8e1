import { SERVICES } from "./storms.ts";
import type { World } from "./world.ts";

/** How long the trouble lasts, in seconds: some deletes are over before it, and some begin anew after it. */
const SECONDS = [20, 900] as const;

/**
 * Trouble once more, while everybody deletes what is theirs: a service that is away, and calls that are lost. Answers what ends
 * it before its time.
 */
export function partings(world: World): () => void {
  const { time, sandbox, trace } = world;
  const draw = world.draw.fork("storms/partings");
  const [away, lost] = draw.pick([
    [1, 0],
    [2, 0],
    [0, 0.2],
    [1, 0.1],
  ]);
  const backs = Array.from({ length: away }, () => {
    const service = draw.pick(SERVICES);
    trace.say(`${service} is away while everybody deletes`);
    return sandbox.faults.down(service, draw.pick(["503", "refused"] as const));
  });
  world.weather = { ...world.weather, lost: lost * draw.next() };
  const end = (): void => {
    for (const back of backs.splice(0)) back();
    world.weather = { ...world.weather, lost: 0 };
  };
  time.at(time.nowMs() + draw.between(...SECONDS) * 1000, () => {
    trace.say("the services are back, and no call is lost");
    end();
  });
  return end;
}
