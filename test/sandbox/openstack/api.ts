import { type Options, PREFIX } from "../../../sandbox/openstack/core.ts";
import { createSandbox } from "../../../sandbox/openstack/index.ts";
import { type Json, jsonAt, listAt } from "../../../sandbox/openstack/json.ts";
import { quantileOf, type Takes } from "../../../sandbox/openstack/timing.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";

export interface Answer {
  readonly status: number;
  /** Parsed if it is JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A body that is a text is sent as it is. */
export type Call = (method: string, path: string, body?: unknown, who?: string) => Promise<Answer>;

const ROOT = "http://openstack.sandbox";

/** The shortest and the longest that the sandbox ever draws of a duration, in whole ms. */
export const leastOf = (takes: Takes): number => Math.floor(quantileOf(takes, 0));
export const mostOf = (takes: Takes): number => Math.ceil(quantileOf(takes, 1));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The object below `key`, which must be there. */
export function one(answer: Answer, key: string): Json & { readonly id: string } {
  const found = jsonAt(answer.body, key);
  if (found === undefined) throw new Error(`no ${key} in ${answer.status} ${JSON.stringify(answer.body)}`);
  return { ...found, id: String(found["id"]) };
}

/** One field of all objects in the list below `key`. */
export function all(answer: Answer, key: string, field = "name"): readonly unknown[] {
  const found = listAt(answer.body, key);
  if (found === undefined) throw new Error(`no ${key} in ${answer.status} ${JSON.stringify(answer.body)}`);
  return found.map((item) => (item as Json)[field]);
}

/** One sandbox as a caller of its APIs sees it, logged in as everybody, in a time that moves when it is told to. */
export function openApi(options: Options = {}) {
  let nowMs = Date.UTC(2026, 0, 1);
  let drawn = 0;
  const chance = { token: (length: number) => (drawn++).toString(36).padStart(length, "0").slice(-length) };
  const sandbox = createSandbox({ clock: { nowMs: () => nowMs }, chance, options });
  const tokens = new Map<string, string>();
  const send = (method: string, url: string, headers: Readonly<Record<string, string>>, body?: unknown) =>
    sandbox.send({
      method,
      url: `${ROOT}${url}`,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      timeoutMs: Number.POSITIVE_INFINITY,
    });

  async function tokenOf(name: string): Promise<string> {
    const domain = { name: "Default" };
    const password = { user: { name, domain, password: "demo" } };
    const auth = { identity: { methods: ["password"], password }, scope: { project: { name, domain } } };
    const { headers } = await send(
      "POST",
      "/identity/v3/auth/tokens",
      { "content-type": "application/json" },
      { auth },
    );
    const token = headers["x-subject-token"];
    if (token === undefined) throw new Error(`${name} can't log in`);
    tokens.set(name, token);
    return token;
  }

  return {
    sandbox,
    token: async (name = "team-a"): Promise<string> => tokens.get(name) ?? tokenOf(name),
    pass(ms: number): void {
      nowMs += ms;
    },
    /** Calls one service; paths are below its endpoint, and `team-a` calls unless another is named. */
    at:
      (service: ServiceType, version: Readonly<Record<string, string>> = {}): Call =>
      async (method, path, body, who = "team-a") => {
        const token = tokens.get(who) ?? (await tokenOf(who));
        const content = body === undefined ? {} : { "content-type": "application/json" };
        const headers = { "x-auth-token": token, ...content, ...version };
        const answer = await send(method, `${PREFIX[service]}${path}`, headers, body);
        return { status: answer.status, body: parsed(answer.body), headers: answer.headers };
      },
  };
}
