import { cloudFiles } from "../../shared/adapters/cloud-files.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { undiciSend } from "../../shared/adapters/undici-send.ts";
import { settingsOf } from "../../shared/openstack/clouds.ts";
import { connect } from "../../shared/openstack/connect.ts";
import { tap, testWorld } from "../conformance/world.ts";

const SETTLE_MS = 300;

/** The real cloud that OS_CLOUD (or the OS_* variables) names. */
export async function labWorld() {
  const settings = settingsOf(cloudFiles(process.env), process.env);
  if ("problems" in settings) throw new Error(settings.problems.join("\n"));
  const clock = systemClock();
  const chance = systemChance();
  const wire = tap(undiciSend(settings));
  const cloud = connect(settings, { ...clock, send: wire.send });
  return testWorld({ cloud, tap: wire, settle: () => clock.wait(SETTLE_MS), newId: () => chance.token(6) });
}
