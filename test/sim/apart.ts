import { spawn } from "node:child_process";
import { once } from "node:events";

/** Most of what it makes is thrown away at once: with room for that, it is seldom tidied up. */
const ROOM = ["--max-semi-space-size=64"];

/** What it prints. In a process of its own: through Jest's globals and transforms everything takes about twice as long. */
export async function simulation(...words: readonly string[]): Promise<string> {
  const main = [...ROOM, "test/sim/main.ts"];
  const child = spawn(process.execPath, [...main, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  for (const out of [child.stdout, child.stderr]) out.on("data", (chunk: Buffer) => void printed.push(String(chunk)));
  await once(child, "close");
  return printed.join("");
}
