import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleConfig } from "../support/bot.ts";
import { type Served, served } from "../support/served.ts";
import { type Inventory, inventory } from "./inventory.ts";
import { machinesOf } from "./machines.ts";

export interface Place {
  readonly cloud: string;
  readonly bot: Served;
  readonly project: Inventory;
  /** What the project had before. */
  readonly before: readonly string[];
  /** Without the dot at the end. */
  readonly zone: string;
  /** Everything that the store has on disk. */
  state(): string;
  /** What is there now and was not before. */
  added(): Promise<readonly string[]>;
  leave(): Promise<void>;
}

/**
 * The served bot, working for the tenant of the example whose cloud is OS_CLOUD, and that tenant's project. `more`: what the
 * bot's environment has besides this process's own. Without `boots` nothing runs on its servers.
 */
export async function place(
  more: Readonly<Record<string, string>> = {},
  { boots = true }: { readonly boots?: boolean } = {},
): Promise<Place> {
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
  const machines = boots ? await machinesOf(cloud) : undefined;
  return {
    cloud,
    bot,
    project,
    before,
    zone: tenant.dnsZone.replace(/\.$/, ""),
    state: () =>
      readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), "latin1"))
        .join("\n"),
    added: async () => (await project.list()).filter((one) => !before.includes(one)),
    async leave() {
      await bot.stop();
      await bot.close();
      await machines?.stop();
    },
  };
}

/** How many of one kind a listing has: `server` is not `server group`. */
export const countOf = (kind: string, list: readonly string[]): number =>
  list.filter((one) => one.replace(/ \S+ \(.*$/, "") === kind).length;
