import { cloudFiles } from "../shared/adapters/cloud-files.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { undiciSend } from "../shared/adapters/undici-send.ts";
import { resolve } from "../shared/cluster/resolve.ts";
import { settingsOf } from "../shared/openstack/clouds.ts";
import { connect } from "../shared/openstack/connect.ts";
import { exampleConfig } from "../test/support/bot.ts";
import { SIZES, specOf } from "./graph.ts";

/** What a cluster's resources refer to, looked up before anything is timed. */
export interface Ground {
  readonly external: string;
  readonly image: string;
  readonly controlPlane: string;
  readonly worker: string;
  /** `name` with the dot at its end. */
  readonly zone: { readonly id: string; readonly name: string };
  readonly region: string;
  readonly roles: readonly { readonly name: string }[];
  readonly prefixes: Readonly<Record<string, string>>;
  /** Manila's type in access rules. */
  readonly shares: string;
}

export async function groundOf(cloud: string): Promise<Ground> {
  const settings = settingsOf(cloudFiles(process.env), process.env, cloud);
  if ("problems" in settings) throw new Error(settings.problems.join("\n"));
  const tenant = Object.values(exampleConfig().tenants).find((one) => one.cloud === cloud);
  const [size] = SIZES;
  if (tenant === undefined || size === undefined) throw new Error(`the example has no tenant whose cloud is ${cloud}`);
  const send = undiciSend(settings);
  const { nowMs, wait } = systemClock();
  const found = await resolve(connect(settings, { send, nowMs, wait }), tenant, specOf("bench", size));
  await send.close();
  if ("problems" in found) throw new Error(found.problems.join("\n"));
  const { value } = found;
  return {
    external: value.externalNetwork.id,
    image: value.image.id,
    controlPlane: value.controlPlaneFlavor.id,
    worker: value.workerFlavor.id,
    zone: value.zone,
    region: value.region,
    roles: value.roles.map((name) => ({ name })),
    prefixes: value.prefixes,
    shares: value.shareServiceType,
  };
}
