import type { ServiceType } from "../../../shared/openstack/errors.ts";
import type { How } from "./exchange.ts";
import { NOBODY } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const PLACES: readonly (readonly [ServiceType, string])[] = [
  ["compute", "/servers"],
  ["image", "/images"],
  ["network", "/networks"],
  ["load-balancer", "/lbaas/loadbalancers"],
  ["dns", "/zones"],
  ["key-manager", "/secrets"],
  ["shared-file-system", "/shares"],
];

const SECRET = "correct horse";
const expires_at = "2099-01-01T00:00:00.000000Z";
const ruleOf = async (at: At) => ({
  service: "compute",
  method: "GET",
  path: `${await at.prefix("compute")}/flavors`,
});
const credentials = (at: At) => `/users/${at.user}/application_credentials`;

async function credential(at: At, more: object = {}) {
  const access_rules = [await ruleOf(at)];
  const asked = { name: at.run, secret: SECRET, roles: [{ name: "member" }], access_rules, expires_at };
  const made = await at("identity")(`POST ${credentials(at)}`, { application_credential: { ...asked, ...more } });
  const { access_rules: rules = [] } =
    (made.body as { application_credential?: { access_rules?: { id: string }[] } }).application_credential ?? {};
  return { id: made.id, rule: rules[0]?.id ?? "" };
}

const login = (at: At, id: string, secret = SECRET) => ({
  ...at.settings,
  auth: { method: "application-credential", credential: { id }, secret } as const,
});

/** Keystone goes on with the whole of its schema. */
const firstLine = (body: unknown) => (body as { error: { message: string } }).error.message.split("\n")[0];

export const identityCases: Cases = {
  "a credential's life": async (at) => {
    const ask = at("identity");
    const own = credentials(at);
    const { id, rule } = await credential(at, { description: "one", unrestricted: false });
    await ask(`GET ${own}/${id}`);
    await ask(`GET ${own}?name=${at.run}`);
    await ask(`GET ${own}?name=nobody-has-this-name`);
    const asked = { name: at.run, secret: SECRET, roles: [{ name: "member" }] };
    await ask(`POST ${own}`, { application_credential: asked });
    const rules = (body: unknown) =>
      (body as { access_rules: { id: string }[] }).access_rules.filter((one) => one.id === rule);
    await ask(`GET /users/${at.user}/access_rules`, undefined, { show: rules });
    await ask(`DELETE /users/${at.user}/access_rules/${rule}`);
    await ask(`PATCH ${own}/${id}`, { application_credential: { description: "two" } });
    await ask(`DELETE ${own}/${id}`);
    await ask(`GET ${own}/${id}`);
    await ask(`DELETE ${own}/${id}`);
    await ask(`DELETE /users/${at.user}/access_rules/${rule}`);
    await ask(`DELETE /users/${at.user}/access_rules/${rule}`);
    await ask(`GET /users/${at.user}/access_rules/${rule}`);
  },
  "credentials that can't be": async (at) => {
    const own = credentials(at);
    const rule = await ruleOf(at);
    await at("identity")(`POST ${own}`, {});
    await at("identity")(`POST ${own}`, "{");
    await credential(at, { name: undefined });
    await credential(at, { name: "" });
    await credential(at, { name: "n".repeat(256) });
    await credential(at, { name: 7 });
    await credential(at, { roles: [{ name: "nonsense" }] });
    await credential(at, { roles: [{ name: "admin" }] });
    await credential(at, { roles: [{ id: NOBODY }] });
    await credential(at, { roles: "member" });
    await credential(at, { expires_at: "nonsense" });
    await credential(at, { expires_at: "2001-01-01T00:00:00.000000Z" });
    await credential(at, { access_rules: [{ ...rule, method: "NONSENSE" }] });
    await credential(at, { access_rules: [{ ...rule, path: "no-slash" }] });
    await credential(at, { access_rules: [{ ...rule, path: `/${"p".repeat(128)}` }] });
    await credential(at, { name: `${at.run}-2`, access_rules: [{ ...rule, service: "nonsense" }] });
    await credential(at, { access_rules: "nonsense" });
    await credential(at, { unrestricted: "perhaps" });
    await credential(at, { name: `${at.run} Grüße 東京`, description: "Ελληνικά" });
  },
  "what is somebody else's": async (at) => {
    const ask = at("identity");
    await ask(`GET /users/${NOBODY}/application_credentials`);
    await ask(`POST /users/${NOBODY}/application_credentials`, { application_credential: { name: at.run } });
    await ask(`GET ${credentials(at)}/${NOBODY}`);
    await ask(`DELETE ${credentials(at)}/${NOBODY}`);
    await ask(`DELETE /users/${at.user}/access_rules/${NOBODY}`);
    await ask("GET /projects/nonsense");
    await ask("GET /users");
    await ask("POST /projects", { project: { name: at.run } });
    await ask("GET /nonsense");
  },
  "a login of little use": async (at) => {
    const unknown = at("identity", { headers: { "x-auth-token": "" } });
    const ask = (body: unknown, how?: How) => unknown("POST /auth/tokens", body, how);
    const domain = { name: "Default" };
    const user = { name: "nobody-has-this-name", domain, password: "wrong" };
    const scope = { project: { name: "nobody-has-this-name", domain } };
    await ask({});
    await ask("{");
    await ask({ auth: {} }, { show: firstLine });
    await ask({ auth: { identity: { methods: ["password"] } } });
    await ask({ auth: { identity: { methods: ["nonsense"], nonsense: {} } } });
    await ask({ auth: { identity: { methods: ["password"], password: { user } }, scope } });
    await ask({ auth: { identity: { methods: ["password"], password: { user: { password: "x" } } }, scope } });
    const named = (id: string) => ({
      methods: ["application_credential"],
      application_credential: { id, secret: "x" },
    });
    await ask({ auth: { identity: named("nonsense") } });
    const { id } = await credential(at);
    await ask({ auth: { identity: named(id) } });
    await ask({
      auth: {
        identity: { methods: ["application_credential"], application_credential: { id, secret: SECRET } },
        scope,
      },
    });
  },
  "without a token, and with a spent one": async (at) => {
    for (const [service, path] of PLACES) {
      await at(service, { headers: { "x-auth-token": "" } })(`GET ${path}`);
      await at(service, { headers: { "x-auth-token": "gAAAAAspent" } })(`GET ${path}`);
    }
    await at("identity", { headers: { "x-auth-token": "" } })("GET /auth/tokens");
    await at("identity", { headers: { "x-auth-token": "gAAAAAspent" } })("GET /auth/tokens");
  },
  "outside of its rules": async (at) => {
    const { id } = await credential(at);
    const restricted = at.as(login(at, id));
    for (const [service, path] of PLACES) await restricted(service)(`GET ${path}`);
    await restricted("compute")("GET /flavors", undefined, { show: () => 0 });
    await restricted("compute")("GET /flavors/detail");
    await restricted("compute")("DELETE /flavors");
    await restricted("identity")(`GET ${credentials(at)}`);
  },
  "without rules, and without leave to make others": async (at) => {
    const { id } = await credential(at, { access_rules: undefined });
    const plain = at.as(login(at, id));
    await plain("identity")(`POST ${credentials(at)}`, {
      application_credential: { name: `${at.run}-2`, secret: SECRET, roles: [{ name: "member" }] },
    });
    await plain("identity")(`DELETE ${credentials(at)}/${id}`);
    await plain("network")("GET /networks?name=nobody-has-this-name");
    await at("identity")(`DELETE ${credentials(at)}/${id}`);
    await plain("network")("GET /networks?name=nobody-has-this-name");
    await plain("identity")(`GET ${credentials(at)}`);
  },
  "roles that a credential lacks": async (at) => {
    const { id } = await credential(at, { access_rules: undefined, roles: [{ name: "reader" }] });
    const reader = at.as(login(at, id));
    await reader("network")("POST /networks", { network: { name: at.run } });
    await reader("compute", { microversion: "2.64" })("POST /os-server-groups", {
      server_group: { name: at.run, policy: "affinity" },
    });
    await reader("load-balancer")("GET /lbaas/loadbalancers?name=nobody-has-this-name");
    await reader("load-balancer")("POST /lbaas/loadbalancers", {
      loadbalancer: { name: at.run, vip_subnet_id: NOBODY },
    });
    await reader("dns")("POST /zones", { name: `${at.run}.example.net.`, email: "a@example.net" });
    await reader("key-manager")("GET /secrets?limit=1");
    await reader("key-manager")("POST /secrets", { name: at.run });
    await reader("shared-file-system", { microversion: "2.45" })("POST /share-networks", {
      share_network: { name: at.run },
    });
  },
};
