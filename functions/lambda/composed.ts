import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Metrics } from "../../shared/ports/metrics.ts";
import type { Env } from "../clouds.ts";
import { type Composed, compose } from "../compose.ts";
import { timely } from "../deadline.ts";
import { flushed, tracingOf } from "../tracing.ts";
import type { Handler } from "./start.ts";

/** Which setting names the file that a parameter holds. */
const FILES: Readonly<Record<string, string>> = {
  "kinvirt.yaml": "KINVIRT_CONFIG",
  "clouds.yaml": "OS_CLIENT_CONFIG_FILE",
  "secure.yaml": "OS_CLIENT_SECURE_FILE",
};

/** Settings as they are set, and those that are parameters; a parameter that is a file becomes one that only we may read. */
function withParameters(env: Env, parameters: Readonly<Record<string, string>> | undefined): Env {
  if (parameters === undefined) return env;
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-"));
  const settings = Object.entries(parameters).map(([name, value]) => {
    const setting = FILES[name];
    if (setting === undefined) return [name, value] as const;
    writeFileSync(join(folder, name), value, { mode: 0o600 });
    return [setting, join(folder, name)] as const;
  });
  return { ...env, ...Object.fromEntries(settings) };
}

/** What `make` makes of all that the settings name. @throws Error with all that is wrong with them */
export async function handlerOf<Event, Answer>(
  make: (composed: Composed) => Handler<Event, Answer>,
  {
    env,
    metrics,
    parameters,
  }: { env: Env; metrics: Metrics; parameters: Readonly<Record<string, string>> | undefined },
): Promise<Handler<Event, Answer>> {
  const settings = withParameters(env, parameters);
  const traced = await tracingOf(settings);
  const made = compose(settings, metrics, traced);
  // A function that can't work says so in its log and fails at once, instead of at the first click.
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  const clock = systemClock();
  return flushed(
    timely(make(made), () => clock.nowMs()),
    traced,
  );
}
