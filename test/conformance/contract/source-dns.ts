import type { Ask } from "./exchange.ts";
import { NOBODY } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const zero = { show: () => 0 };
const active = {
  until: (answer: { readonly body: unknown }) => (answer.body as { status?: string }).status === "ACTIVE",
  ...zero,
};

/** A zone of this case alone. */
async function zone(at: At) {
  const ask = at("dns");
  const name = `${at.run}.example.net.`;
  const { id } = await ask("POST /zones", { name, email: "a@example.net", description: "one" });
  return { ask, name, id, path: `/zones/${id}` };
}

const kinds = (sets: readonly { readonly name: string; readonly type: string }[]) =>
  sets.map(({ name, type }) => `${type} ${name}`).sort();
const listed = (body: unknown) => kinds((body as { recordsets: { name: string; type: string }[] }).recordsets);

const recordset =
  (ask: Ask, path: string) =>
  (name: string, type: string, records: unknown, more: object = {}) =>
    ask(`POST ${path}/recordsets`, { name, type, records, ...more });

export const namesBySource: Cases = {
  "a zone's life": async (at) => {
    const { ask, name, path } = await zone(at);
    await ask(`GET ${path}`, undefined, active);
    // What they are called is each cloud's own.
    const hosts = (body: unknown) =>
      (body as { nameservers: { hostname: string }[] }).nameservers.map((one) => /\.$/.test(one.hostname));
    await ask(`GET ${path}/nameservers`, undefined, { show: hosts });
    await ask(`PATCH ${path}`, { ttl: 300, description: "two", email: "b@example.net" });
    await ask(`GET ${path}`, undefined, active);
    await ask(`PATCH ${path}`, { name: "other.example.net." });
    await ask(`PATCH ${path}`, { name, ttl: 301 }, zero);
    await ask(`PATCH ${path}`, { email: "nonsense" });
    await ask(`PATCH ${path}`, { ttl: -1 });
    await ask(`PATCH ${path}`, { wheels: 4 });
    await ask(`PATCH ${path}`);
    await ask(`PATCH /zones/${NOBODY}`, { ttl: 300 });
    await ask(`GET /zones?name=${name}&email=b%40example.net`, undefined, {
      show: (body) =>
        (body as { zones: { ttl: number; description: string }[] }).zones.map(({ ttl, description }) => ({
          ttl,
          description,
        })),
    });
    await ask(`DELETE ${path}`);
    await ask(`GET ${path}`, undefined, { until: ({ status }) => status === 404 });
    await ask(`PATCH ${path}`, { ttl: 300 });
    await ask(`GET ${path}/nameservers`);
  },
  "zones that can't be": async (at) => {
    const refused = (more: object) =>
      at("dns")("POST /zones", { name: `${at.run}.example.net.`, email: "a@example.net", ...more });
    await refused({ name: `${at.run}.example.net` });
    await refused({ name: "net." });
    await refused({ name: `${"n".repeat(64)}.example.net.` });
    await refused({ name: undefined });
    await refused({ email: undefined });
    await refused({ email: "nonsense" });
    await refused({ ttl: "soon" });
    await refused({ description: "d".repeat(161) });
    await refused({ wheels: 4 });
    await at("dns")("POST /zones");
  },
  "recordsets that go with their zone": async (at) => {
    const { ask, name, path, id } = await zone(at);
    await ask(`GET ${path}`, undefined, active);
    const made = await recordset(ask, path)(`a.${name}`, "A", ["192.0.2.1"]);
    await recordset(ask, path)(`b.${name}`, "TXT", ['"heritage=external-dns"']);
    await ask(`GET ${path}/recordsets`, undefined, { show: listed });
    await ask(`DELETE ${path}`, undefined, zero);
    await ask(`GET ${path}`, undefined, { until: ({ status }) => status === 404 });
    await ask(`GET ${path}/recordsets`);
    await ask(`GET ${path}/recordsets/${made.id}`);
    await ask(`GET /recordsets?name=a.${name}`);
    await ask(`GET /zones?name=${name}`);
    await ask(`GET /zones/${id}/recordsets/${NOBODY}`);
  },
  "recordsets of other types": async (at) => {
    const { ask, name, path } = await zone(at);
    const asks = recordset(ask, path);
    const aside = { show: (body: unknown) => (body as { records?: unknown }).records ?? body };
    let made = 0;
    const of = (type: string, records: unknown, start = `r${made++}`) =>
      ask(`POST ${path}/recordsets`, { name: `${start}.${name}`, type, records }, aside);
    await of("AAAA", ["2001:db8::1"], "aaaa");
    await of("AAAA", ["192.0.2.1"]);
    await of("CNAME", ["elsewhere.example.org."], "cname");
    await of("CNAME", ["no-dot.example.org"]);
    await of("CNAME", ["a.example.org.", "b.example.org."]);
    await of("MX", ["10 mail.example.org."]);
    await of("MX", ["mail.example.org."]);
    await of("MX", ["70000 mail.example.org."]);
    await of("SRV", ["0 5 5060 sip.example.org."], "_sip._tcp");
    await of("CAA", ["0 issue example.org"]);
    await of("CAA", ['0 issue "example.org"']);
    await of("CAA", ["7 issue example.org"]);
    await asks(`cname.${name}`, "A", ["192.0.2.1"]);
    await asks(`aaaa.${name}`, "CNAME", ["elsewhere.example.org."]);
    await asks(`*.wild.${name}`, "A", ["192.0.2.1"], { ttl: null });
    await ask(`POST ${path}/recordsets`, { name: `UPPER.${name}`, type: "A", records: ["192.0.2.1"] }, zero);
    await asks(`upper.${name}`, "A", ["192.0.2.2"]);
  },
  "recordsets, found": async (at) => {
    const { ask, name, path } = await zone(at);
    const asks = recordset(ask, path);
    await asks(`a.${name}`, "A", ["192.0.2.1"], { ttl: 60 });
    await asks(`b.${name}`, "A", ["192.0.2.2"], { description: "horse" });
    await asks(`b.${name}`, "TXT", ['"horse"'], { ttl: 60 });
    const find = (query: string) =>
      ask(`GET ${path}/recordsets?${query}`, undefined, {
        show: (body) => ((body as { recordsets?: unknown }).recordsets === undefined ? body : listed(body)),
      });
    await find("type=A&sort_key=name&sort_dir=desc");
    await find("data=192.0.2.2");
    await find("data=192.0.2.*");
    await find("ttl=60");
    await find("description=horse");
    await find("name=*.example.net.&type=TXT");
    await find("nonsense=1");
    await find("name=a&name=b");
    await find("sort_dir=sideways");
    await find("limit=1001");
    await find("limit=max&type=A");
  },
};
