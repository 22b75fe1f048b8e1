import { cluster } from "../../../sandbox/kubernetes/cluster.ts";
import { tasks } from "../../../sandbox/kubernetes/tasks.ts";
import { newPki } from "../../../shared/bootstrap/pki.ts";
import { countedChance, virtualClock } from "../../support/virtual.ts";

// Goal: after a long sleep, controllers look at their cloud once instead of once for every look that they missed.
const HOUR_MS = 3_600_000;

async function looking(everyMs: number) {
  const clock = virtualClock();
  const { ca } = await newPki({ cluster: "dev", nowMs: clock.nowMs(), seed: "s" });
  const looks: number[] = [];
  const made = cluster({
    ...{ authority: ca, sans: ["api"], gitVersion: "v1.36.1", serviceCidr: "10.96.0.0/12", serverTLSBootstrap: true },
    ...{ tasks: tasks(clock), chance: countedChance() },
    cloud: [
      async ({ again }) => {
        looks.push(clock.nowMs());
        again(everyMs);
      },
    ],
  });
  return { clock, looks, made };
}

test("looks at the cloud that were missed while the world slept are not made up for", async () => {
  const { clock, looks, made } = await looking(1000);
  made.wake();
  for (let second = 0; second < 3; second++) {
    await made.setup.tasks.settle();
    await clock.wait(1000);
  }
  const beganMs = looks[0] ?? 0;
  expect(looks).toEqual([beganMs, beganMs + 1000, beganMs + 2000]);
  await clock.wait(13 * HOUR_MS);
  const sleptMs = clock.nowMs();
  await made.setup.tasks.settle();
  expect(looks.slice(3)).toEqual([sleptMs]);
  expect(made.setup.tasks.nextMs()).toBe(sleptMs + 1000);
  await clock.wait(1000);
  await made.setup.tasks.settle();
  expect(looks.slice(4)).toEqual([sleptMs + 1000]);
});

test("what goes on inside of a cluster has gone on meanwhile, each part at its own time", async () => {
  const { clock, made } = await looking(HOUR_MS);
  const ended: number[] = [];
  made.setup.tasks.start(async (wait) => {
    for (let turn = 0; turn < 3; turn++) {
      await wait(10_000);
      ended.push(made.setup.tasks.nowMs());
    }
  });
  const beganMs = clock.nowMs();
  await clock.wait(HOUR_MS);
  await made.setup.tasks.settle();
  expect(ended).toEqual([beganMs + 10_000, beganMs + 20_000, beganMs + 30_000]);
});
