import { join } from "node:path";
import process from "node:process";
import { readConfig } from "../shared/adapters/config-file.ts";
import { systemChance } from "../shared/adapters/system-chance.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { playground } from "./playground.ts";

const PORT_DEFAULT = 3000;
const folder = import.meta.dirname;

/** What a person who tries it wants to see of the log: what went wrong. */
const quiet = {
  info: () => undefined,
  warn: (event: string, fields = {}) => console.warn(`warning: ${event}`, JSON.stringify(fields)),
  error: (event: string, fields = {}) => console.error(`error: ${event}`, JSON.stringify(fields)),
};

/** `npm start`: the bot, an embedded OpenStack and a Slack-like page in this process. No account is needed. */
async function main(): Promise<void> {
  const read = readConfig(process.env["KINVIRT_CONFIG"] || join(folder, "..", "kinvirt.example.yaml"));
  if ("problems" in read) throw new Error(read.problems.join("\n"));
  const port = Number(process.env["PORT"] || PORT_DEFAULT);
  const made = await playground({
    port,
    config: read.config,
    clock: systemClock(),
    chance: systemChance(),
    log: quiet,
    folder,
  });
  console.log(`kinvirt's sandbox is ready: open ${made.url}`);
  console.log(
    `Its OpenStack is at ${made.url}/identity/v3 (users and projects team-a, team-b and admin, password demo).`,
  );
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void made.stop());
}

try {
  await main();
} catch (error) {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const words = error instanceof Error ? error.message : String(error);
  console.error(taken ? "The port is taken: choose another one, as in PORT=3001 npm start." : words);
  process.exitCode = 1;
}
