import { cloudFiles } from "../../shared/adapters/cloud-files.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { undiciSend } from "../../shared/adapters/undici-send.ts";
import { settingsOf } from "../../shared/openstack/clouds.ts";
import { connect } from "../../shared/openstack/connect.ts";
import { clusters } from "../../shared/state/index.ts";
import { bot } from "../support/bot.ts";
import { create, remove } from "../support/life.ts";

// Goal: on a real OpenStack a signed request makes a cluster, and a signed request leaves nothing of it.
test("create, approve, ready, delete, nothing left", async () => {
  const settings = settingsOf(cloudFiles(process.env), process.env, process.env["OS_CLOUD"] ?? "team-a");
  if ("problems" in settings) throw new Error(settings.problems.join("\n"));
  const clock = systemClock();
  const send = undiciSend(settings);
  const cloud = connect(settings, { send, nowMs: () => clock.nowMs(), wait: (ms) => clock.wait(ms) });
  const before = (await cloud.network.listPorts()).length;
  const one = await bot({ clock, chance: systemChance(), cloudOf: () => cloud });
  try {
    await create(one, "e2e");
    const id = (await clusters(one.deps.store).get("team-a/e2e"))?.id ?? "";
    expect(await cloud.compute.listServers({ tags: `kinvirt:${id}` })).toHaveLength(3);
    await remove(one, "e2e");
    expect(await cloud.compute.listServers({ tags: `kinvirt:${id}` })).toHaveLength(0);
    expect((await cloud.network.listPorts()).length).toBeLessThanOrEqual(before);
  } finally {
    await one.close();
    await send.close();
  }
});
