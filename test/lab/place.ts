import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleConfig } from "../support/bot.ts";
import { type Served, served } from "../support/served.ts";
import { type Inventory, inventory } from "./inventory.ts";

export interface Place {
  readonly bot: Served;
  readonly project: Inventory;
  /** What the project had before. */
  readonly before: readonly string[];
  /** Without the dot at the end. */
  readonly zone: string;
  /** What is there now and was not before. */
  added(): Promise<readonly string[]>;
  leave(): Promise<void>;
}

/**
 * The served bot, working for the tenant of the example whose cloud is OS_CLOUD, and that tenant's project. `more`: what the
 * bot's environment has besides this process's own.
 */
export async function place(more: Readonly<Record<string, string>> = {}): Promise<Place> {
  const cloud = process.env["OS_CLOUD"] ?? "team-a";
  const tenant = Object.values(exampleConfig().tenants).find((one) => one.cloud === cloud);
  if (tenant === undefined) throw new Error(`kinvirt.example.yaml has no tenant whose cloud is ${cloud}`);
  const project = await inventory(cloud);
  const before = await project.list();
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-"));
  const env = {
    KINVIRT_CONFIG: "kinvirt.example.yaml",
    KINVIRT_STORE: `sqlite://${join(folder, "state.db")}`,
    ...more,
  };
  const bot = await served({ env, channel: tenant.channels[0] ?? "" });
  await bot.start();
  return {
    bot,
    project,
    before,
    zone: tenant.dnsZone.replace(/\.$/, ""),
    added: async () => (await project.list()).filter((one) => !before.includes(one)),
    async leave() {
      await bot.stop();
      await bot.close();
    },
  };
}

/** How many of one kind a listing has: `server` is not `server group`. */
export const countOf = (kind: string, list: readonly string[]): number =>
  list.filter((one) => one.replace(/ \S+ \(.*$/, "") === kind).length;
