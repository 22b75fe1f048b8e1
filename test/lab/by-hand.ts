import { cloudFiles } from "../../shared/adapters/cloud-files.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { undiciSend } from "../../shared/adapters/undici-send.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { settingsOf } from "../../shared/openstack/clouds.ts";
import { connect } from "../../shared/openstack/connect.ts";

/** What somebody does to the project of this cloud without the bot. */
export async function byHand<T>(name: string, act: (cloud: Cloud) => Promise<T>): Promise<T> {
  const settings = settingsOf(cloudFiles(process.env), process.env, name);
  if ("problems" in settings) throw new Error(settings.problems.join("\n"));
  const send = undiciSend(settings);
  const clock = systemClock();
  try {
    return await act(connect(settings, { send, nowMs: () => clock.nowMs(), wait: (ms) => clock.wait(ms) }));
  } finally {
    await send.close();
  }
}
