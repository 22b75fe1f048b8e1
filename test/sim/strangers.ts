import type { Sandbox } from "../../sandbox/openstack/index.ts";
import type { Item } from "../../sandbox/openstack/table.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { Draw } from "./draw.ts";
import type { Time } from "./time.ts";
import { type Known, PROJECTS } from "./watch.ts";

const itemsOf = (sandbox: Sandbox): readonly Item[] =>
  PROJECTS.flatMap((project) => sandbox.everything(project)).filter((item) => item.type !== "zone");

/** Other people in the same projects, who like the names that the bot likes. */
export function strangers(sandbox: Sandbox, time: Time, draw: Draw) {
  const clouds = new Map<string, Cloud>();
  const cloudOf = (project: string): Cloud => {
    const cloud = clouds.get(project) ?? connect(sandbox.settings(project), { ...time, send: sandbox.send });
    clouds.set(project, cloud);
    return cloud;
  };

  async function made(make: () => Promise<unknown>): Promise<readonly Item[]> {
    const before = new Set(itemsOf(sandbox).map((item) => item.id));
    // Where a quota is full, they have to do without.
    await make().catch(() => undefined);
    return itemsOf(sandbox).filter((item) => !before.has(item.id));
  }

  /** What was there before anybody asked for a cluster. */
  async function settle(names: readonly string[]): Promise<void> {
    for (const project of PROJECTS) {
      const cloud = cloudOf(project);
      for (const name of names) {
        await cloud.network.createNetwork({ name, description: "somebody's own" });
        await cloud.network.createSecurityGroup({ name, description: `kinvirt: ${name}` });
        await cloud.keyManager.createSecret({ name: `${name}-secret-controllers`, payload: "theirs" });
        await cloud.compute.createServerGroup({ name, policy: "soft-anti-affinity" });
      }
      const [zone] = await cloud.dns.listZones();
      if (zone !== undefined && draw.yes(0.3)) {
        const name = `api.${draw.pick(["dev", "ci"])}.${zone.name}`;
        const fields = { name, type: "A", records: ["192.0.2.1"], ttl: 60, description: "their own" };
        await cloud.dns.createRecordset(zone.id, fields);
      }
    }
  }

  /** Names of a cluster that has just got its id, and marks that nearly are its own. */
  async function imitate({ id, tenant, name }: Known): Promise<readonly Item[]> {
    const { network } = cloudOf(tenant);
    return made(async () => {
      await network.createNetwork({ name: `${name}-${id}-network`, description: `kinvirt:${id}0` });
      await network.createNetwork({ name: `${name}-${id}-network`, description: "" });
      await network.createSecurityGroup({ name: `${name}-${id}-security-group-worker`, description: `kinvirt: ${id}` });
    });
  }

  return { settle, imitate, items: () => itemsOf(sandbox) };
}
