import { spawn } from "node:child_process";
import { once } from "node:events";

/** What it prints. In a process of its own: through Jest's globals and transforms everything takes about twice as long. */
export async function simulation(...words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ["test/sim/main.ts", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  for (const out of [child.stdout, child.stderr]) out.on("data", (chunk: Buffer) => void printed.push(String(chunk)));
  await once(child, "close");
  return printed.join("");
}
