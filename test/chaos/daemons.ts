import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../shared/adapters/system-clock.ts";

const clock = systemClock();
/** As long as an init system lets a daemon end its work. */
const GRACE_MS = 5000;

/** The cloud's daemons: each a process group of its own, led by the pid in `run/NAME.pid`, below the root `root`. */
export interface Daemons {
  /** SIGTERM, and SIGKILL for what has not ended by then. Resolves when it is gone. */
  stop(name: string): Promise<void>;
  /** Starts what is not running, and resolves when the cloud is well again. */
  start(): Promise<void>;
}

export interface DaemonsOptions {
  readonly folder: string;
  /** A shell command that starts every daemon that is not running and waits until all are well. */
  readonly up: string;
}

export function daemons({ folder, up }: DaemonsOptions): Daemons {
  const pidOf = (name: string): number => Number(readFileSync(join(folder, "run", `${name}.pid`), "utf8"));
  // A pid file may outlive its process, and its number may be another's by then.
  const alive = (pid: number): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/root`) === join(folder, "root");
    } catch {
      return false;
    }
  };
  const ended = async (pid: number, ms: number): Promise<boolean> => {
    for (const endMs = clock.nowMs() + ms; clock.nowMs() < endMs; await clock.wait(100)) if (!alive(pid)) return true;
    return !alive(pid);
  };
  const signal = (pid: number, how: "SIGTERM" | "SIGKILL"): void => {
    try {
      process.kill(-pid, how);
    } catch {
      // The group has ended by itself.
    }
  };
  return {
    async stop(name) {
      const pid = pidOf(name);
      if (!alive(pid)) throw new Error(`${name} does not run`);
      signal(pid, "SIGTERM");
      await ended(pid, GRACE_MS);
      // Workers may outlive their leader.
      signal(pid, "SIGKILL");
      if (!(await ended(pid, GRACE_MS))) throw new Error(`${name} does not end`);
    },
    async start() {
      let said = "";
      const child = spawn("sh", ["-c", up], { stdio: ["ignore", "pipe", "pipe"] });
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
      // Not "close": daemons may hold the pipes for as long as they live.
      const [code] = await once(child, "exit");
      if (code !== 0) throw new Error(`${up} ended with ${code}\n${said}`);
    },
  };
}
