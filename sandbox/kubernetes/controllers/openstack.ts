import type { Send } from "../../../shared/openstack/send.ts";
import { listAt, textAt } from "../../openstack/json.ts";
import { builtIn } from "../kinds.ts";
import type { Store } from "../store.ts";

/** A controller's login: of the Secret that it mounts. */
export interface Login {
  readonly authUrl: string;
  readonly id: string;
  readonly secret: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls one service below its catalog endpoint. An answer that is no success is an answer too. */
export type OpenStack = (service: string, method: string, path: string, body?: unknown) => Promise<Answer>;

const TIMEOUT_MS = 30_000;
const VERSIONS: Readonly<Record<string, string>> = { compute: "compute 2.79", "shared-file-system": "2.65" };

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined where the login is refused or nobody answers: the controller logs it and tries again. */
export async function openStack(send: Send, login: Login): Promise<OpenStack | undefined> {
  const application_credential = { id: login.id, secret: login.secret };
  const identity = { methods: ["application_credential"], application_credential };
  const authUrl = login.authUrl.replace(/\/+$/, "");
  const url = `${authUrl}${authUrl.endsWith("/v3") ? "" : "/v3"}/auth/tokens`;
  const json = { accept: "application/json", "content-type": "application/json" };
  const ask = (method: string, to: string, headers: Record<string, string>, body?: unknown) =>
    send({
      method,
      url: to,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: TIMEOUT_MS,
    });
  const answer = await ask("POST", url, json, { auth: { identity } }).catch(() => undefined);
  const token = answer?.headers["x-subject-token"];
  if (answer?.status !== 201 || token === undefined) return undefined;
  const catalog = listAt((jsonOf(answer.body) as { token?: unknown } | undefined)?.token, "catalog") ?? [];
  return async (service, method, path, body) => {
    const names = service === "shared-file-system" ? [service, "sharev2"] : [service];
    const entry = catalog.find((one) => names.includes(textAt(one, "type") ?? ""));
    const endpoint = (listAt(entry, "endpoints") ?? []).find((one) => textAt(one, "interface") === "public");
    const root = textAt(endpoint, "url")?.replace(/\/+$/, "");
    if (root === undefined) return { status: 0, body: undefined };
    const version = VERSIONS[service];
    const headers = {
      ...json,
      "x-auth-token": token,
      ...(version === undefined ? {} : { "openstack-api-version": version, "x-openstack-manila-api-version": version }),
    };
    const got = await ask(method, root + path, headers, body).catch(() => undefined);
    return { status: got?.status ?? 0, body: got === undefined ? undefined : jsonOf(got.body) };
  };
}

/** A text in a Secret of kube-system. */
export function secretText(store: Store, namespace: string, name: string, key: string): string | undefined {
  const data = store.get(builtIn("Secret"), namespace, name)?.["data"];
  const found = textAt(data, key);
  return found === undefined ? undefined : Buffer.from(found, "base64").toString();
}

/** `[Section]` and `key = "value"`: what cloud.conf is written in. */
export function readIni(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n")) {
    section = /^\[(.+)\]/.exec(line)?.[1] ?? section;
    const [, key, value = ""] = /^([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined) found.set(`${section}.${key}`, value.startsWith('"') ? String(jsonOf(value)) : value.trim());
  }
  return found;
}
