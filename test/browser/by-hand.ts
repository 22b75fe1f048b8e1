import type { Playground } from "../../sandbox/playground.ts";

type Json = Readonly<Record<string, unknown>>;

/** What somebody does to the playground's OpenStack without the bot, as the project's own user. */
export function byHand({ url }: Playground, project = "team-a") {
  const domain = { name: "Default" };
  async function token(): Promise<string> {
    const identity = { methods: ["password"], password: { user: { name: project, domain, password: "demo" } } };
    const body = JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/identity/v3/auth/tokens`, { method: "POST", headers, body });
    return answer.headers.get("x-subject-token") ?? "";
  }
  async function ask(method: string, path: string, body?: Json): Promise<Json> {
    const headers = { "x-auth-token": await token(), "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, { method, headers, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Json);
  }
  const named = async (path: string, key: string, wanted: RegExp): Promise<Json> => {
    const all = (await ask("GET", path))[key] as readonly Json[];
    const found = all.find(({ name }) => wanted.test(String(name)));
    if (found === undefined)
      throw new Error(`there is no ${wanted.source} among ${all.map(({ name }) => name).join(", ")}`);
    return found;
  };
  return {
    async power(server: RegExp, on: boolean): Promise<void> {
      const { id } = await named("/compute/v2.1/servers", "servers", server);
      await ask("POST", `/compute/v2.1/servers/${id}/action`, on ? { "os-start": null } : { "os-stop": null });
    },
    async point(name: RegExp, records: readonly string[]): Promise<void> {
      const { id, zone_id } = await named("/dns/v2/recordsets", "recordsets", name);
      await ask("PUT", `/dns/v2/zones/${zone_id}/recordsets/${id}`, { records });
    },
  };
}
