import { cloudFiles } from "../../shared/adapters/cloud-files.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { undiciSend } from "../../shared/adapters/undici-send.ts";
import { type CloudSettings, settingsOf } from "../../shared/openstack/clouds.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { ClientGround } from "../conformance/client.suite.ts";
import { wire } from "../conformance/contract/exchange.ts";
import type { ContractGround } from "../conformance/contract/suite.ts";
import { tap, testWorld } from "../conformance/world.ts";
import { temporaryProject } from "./temporary-project.ts";

const SETTLE_MS = 300;

/** The real cloud that OS_CLOUD (or the OS_* variables) names; or the one of this name in clouds.yaml. */
function cloudNamed(name?: string): CloudSettings {
  const settings = settingsOf(cloudFiles(process.env), process.env, name);
  if ("problems" in settings) throw new Error(settings.problems.join("\n"));
  return settings;
}

/** OTHER_CLOUD names a second project's entry in clouds.yaml: whom OS_CLOUD must be safe from. */
export function labClient(): ClientGround {
  const mine = cloudNamed();
  const clock = systemClock();
  const chance = systemChance();
  return {
    mine,
    other: cloudNamed(process.env["OTHER_CLOUD"] ?? (process.env["OS_CLOUD"] === "team-b" ? "team-a" : "team-b")),
    runtime: { ...clock, send: undiciSend(mine) },
    newId: () => chance.token(6),
  };
}

/** What its services are asked in, and a temporary project that the cloud's administrator (ADMIN_CLOUD) makes and removes. */
export function labContract(): ContractGround {
  const mine = cloudNamed();
  const clock = systemClock();
  const chance = systemChance();
  const runtime = { ...clock, send: undiciSend(mine) };
  const newId = () => chance.token(6);
  const admin = () => wire(cloudNamed(process.env["ADMIN_CLOUD"] ?? "admin"), runtime);
  return { mine, runtime, newId, small: (limits) => temporaryProject(admin(), mine, `wide-quota-${newId()}`, limits) };
}

/** The client, for what is not a test. */
export function labCloud() {
  const settings = cloudNamed();
  const clock = systemClock();
  const chance = systemChance();
  const cloud = connect(settings, { ...clock, send: undiciSend(settings) });
  return { cloud, clock, newId: () => chance.token(6) };
}

export async function labWorld() {
  const settings = cloudNamed();
  const clock = systemClock();
  const chance = systemChance();
  const wire = tap(undiciSend(settings));
  const cloud = connect(settings, { ...clock, send: wire.send });
  return testWorld({ cloud, tap: wire, settle: () => clock.wait(SETTLE_MS), newId: () => chance.token(6) });
}
