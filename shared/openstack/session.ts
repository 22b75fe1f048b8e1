import * as z from "zod";
import { type CatalogService, regionOf } from "./catalog.ts";
import type { Scope } from "./cloud.ts";
import type { CloudSettings } from "./clouds.ts";
import type { Auth } from "./clouds-auth.ts";
import { OpenStackError } from "./errors.ts";
import { exchange } from "./retry.ts";
import type { Runtime } from "./send.ts";
import { impossible, refused } from "./trouble.ts";

const AUTH_TIMEOUT_MS = 15_000;
/** Long enough for the slowest call, and the service's own check of the token behind it, to end before it expires. */
const RENEW_BEFORE_MS = 5 * 60_000;

interface Token {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly catalog: readonly CatalogService[];
  readonly scope: Scope;
}

export interface Session {
  /** A token that has at least 5 minutes left (or a fresh one, however short its life). */
  token(): Promise<Token>;
  /** After a 401 with `spent`: another token. Calls that met the 401 together share one renewal. */
  renew(spent: Token): Promise<Token>;
}

const endpointAnswer = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});

/** Source: https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
const tokenAnswer = z.object({
  token: z.object({
    expires_at: z.iso.datetime({ offset: true }),
    project: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string() }),
    roles: z.array(z.object({ name: z.string() })).default([]),
    catalog: z.array(z.object({ type: z.string(), endpoints: z.array(endpointAnswer) })).default([]),
  }),
});

/**
 * The body of POST /v3/auth/tokens. Users and projects are written as Keystone reads them, by id or by name and domain. An
 * application credential brings its own project, so it takes no scope.
 */
export function authBody(auth: Auth): unknown {
  if (auth.method === "password") {
    const { user, password, project } = auth;
    const identity = { methods: ["password"], password: { user: { ...user, password } } };
    return { auth: { identity, scope: { project } } };
  }
  const { credential, secret } = auth;
  const identity = { methods: ["application_credential"], application_credential: { ...credential, secret } };
  return { auth: { identity } };
}

/** Keystone answers 404 for an application credential that was deleted: to whoever logs in with it, that is a refusal. */
const unwelcome = (error: OpenStackError): OpenStackError =>
  error.trouble === "missing" ? new OpenStackError({ ...error.detail, trouble: "denied" }) : error;

async function authenticate(settings: CloudSettings, runtime: Runtime): Promise<Token> {
  const body = authBody(settings.auth);
  const asked = { service: "identity", method: "POST", path: "/auth/tokens", body } as const;
  const request = {
    method: "POST",
    url: `${settings.authUrl}/auth/tokens`,
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
    timeoutMs: AUTH_TIMEOUT_MS,
  };
  // A token nobody receives does nothing and expires: this is the one POST that may be sent again.
  const response = await exchange(runtime, asked, request, true);
  const id = response.headers["x-subject-token"];
  // Source: https://docs.openstack.org/keystone/latest/admin/auth-receipts.html
  if (response.headers["openstack-auth-receipt"] !== undefined)
    throw impossible(
      asked,
      "this user logs in with a second factor: use an application credential of theirs",
      response,
    );
  if (response.status !== 200 && response.status !== 201) throw unwelcome(refused(asked, response, runtime.nowMs()));
  let json: unknown;
  try {
    json = JSON.parse(response.body);
  } catch {
    throw impossible(asked, `${settings.authUrl} does not answer like Keystone v3: check auth_url`, response);
  }
  const answer = tokenAnswer.safeParse(json);
  if (id === undefined || !answer.success) {
    const where = answer.error?.issues[0]?.path.join(".") ?? "the header X-Subject-Token";
    throw impossible(
      asked,
      `the token's answer has an unexpected shape at ${where}: is it scoped to a project?`,
      response,
    );
  }
  const { token } = answer.data;
  const catalog = token.catalog.map((service) => ({
    type: service.type,
    endpoints: service.endpoints.map((one) => ({
      interface: one.interface,
      region: one.region_id ?? one.region ?? "",
      url: one.url,
    })),
  }));
  const scope: Scope = {
    projectId: token.project.id,
    projectName: token.project.name,
    userId: token.user.id,
    region: regionOf(catalog, settings),
    roles: token.roles.map((role) => role.name),
    authUrl: settings.authUrl,
  };
  return { id, expiresAtMs: Date.parse(token.expires_at), catalog, scope };
}

/** One login of one cloud. Callers that need a token at the same time wait for the same request. */
export function session(settings: CloudSettings, runtime: Runtime): Session {
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;

  const login = (): Promise<Token> => {
    pending ??= authenticate(settings, runtime)
      .then((token) => {
        current = token;
        return token;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  return {
    async token() {
      const fresh = current !== undefined && current.expiresAtMs - runtime.nowMs() > RENEW_BEFORE_MS;
      return fresh && current !== undefined ? current : login();
    },
    async renew(spent) {
      return current !== undefined && current.id !== spent.id ? current : login();
    },
  };
}
