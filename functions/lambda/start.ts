import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emf } from "../../shared/adapters/emf.ts";
import { lazy } from "../../shared/adapters/lazy.ts";
import { parametersBelow } from "../../shared/adapters/parameters.ts";
import type { Metrics } from "../../shared/ports/metrics.ts";
import { type Composed, compose, environment } from "../compose.ts";

type Handler<Event, Answer> = (event: Event, context: object) => Promise<Answer>;
type Env = Readonly<Record<string, string | undefined>>;

/** Which setting names the file that a parameter holds. */
const FILES: Readonly<Record<string, string>> = {
  "kinvirt.yaml": "KINVIRT_CONFIG",
  "clouds.yaml": "OS_CLIENT_CONFIG_FILE",
  "secure.yaml": "OS_CLIENT_SECURE_FILE",
};

/** Settings as they are set, and those that are parameters; a parameter that is a file becomes one that only we may read. */
function withParameters(env: Env, parameters: Readonly<Record<string, string>>): Env {
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-"));
  const settings = Object.entries(parameters).map(([name, value]) => {
    const setting = FILES[name];
    if (setting === undefined) return [name, value] as const;
    writeFileSync(join(folder, name), value, { mode: 0o600 });
    return [setting, join(folder, name)] as const;
  });
  return { ...env, ...Object.fromEntries(settings) };
}

/** `/kinvirt/prod` -> `kinvirt/prod`: stages in one account have metrics of their own. */
const namespaceOf = (env: Env): string => (env["KINVIRT_PARAMETERS"] ?? "").replace(/^\/+/, "") || "kinvirt";

async function composed(env: Env, metrics: Metrics): Promise<Composed> {
  const path = env["KINVIRT_PARAMETERS"] ?? "";
  const made = compose(path === "" ? env : withParameters(env, await parametersBelow(path)), metrics);
  // A function that can't work says so in its log and fails at once, instead of at the first click.
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  return made;
}

/**
 * A function that a platform calls. It begins to start when it is loaded, and again with the next call when that failed: the
 * parameters may have been away. No secret is in the function's own environment, which people with few rights may read. What
 * a call has measured is written at its end: nobody could ask a function for it later.
 */
export function started<Event, Answer>(
  make: (composed: Composed) => Handler<Event, Answer>,
  env: Env = environment(),
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Handler<Event, Answer> {
  const { metrics, flush } = emf(namespaceOf(env), write);
  const handler = lazy(async () => make(await composed(env, metrics)));
  handler().catch(() => undefined);
  return async (event, context) => {
    try {
      return await (await handler())(event, context);
    } finally {
      flush();
    }
  };
}
