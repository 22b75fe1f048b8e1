import { externalId, NOBODY } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const ZONES = { show: (body: unknown) => (body as { zones: { name: string }[] }).zones.map(({ name }) => name) };

/** The project's zone. */
async function zoneOf(at: At) {
  const ask = at("dns");
  const found = await ask("GET /zones", undefined, ZONES);
  const name = (found.body as { zones: { name: string }[] }).zones[0]?.name ?? "";
  return { ask, zone: found.id, name: `${at.run}.${name}`, apex: name };
}

const active = {
  until: (answer: { readonly body: unknown }) => (answer.body as { status?: string }).status === "ACTIVE",
};

export const dnsCases: Cases = {
  "a zone from outside": async (at) => {
    const { ask, zone, apex } = await zoneOf(at);
    await ask(`GET /zones?name=${apex}`, undefined, { show: () => "{hidden}" });
    await ask("GET /zones?name=nobody.example.org.");
    await ask(`GET /zones/${zone}`, undefined, { show: (body) => Object.keys(body as object).sort() });
    await ask(`GET /zones/${NOBODY}`);
    await ask("GET /zones/nonsense");
    await ask("GET /zones?limit=nonsense");
    await ask("GET /zones?limit=-1");
    await ask(`GET /zones?marker=${NOBODY}`);
    await ask("GET /nonsense");
    await ask(`GET /quotas/${at.project}`, undefined, { show: (body) => Object.keys(body as object).sort() });
    await ask(`GET /quotas/${NOBODY}`);
    await ask(`PATCH /quotas/${at.project}`, { zones: 1 });
  },
  "a recordset's life": async (at) => {
    const { ask, zone, name } = await zoneOf(at);
    const path = `/zones/${zone}/recordsets`;
    const set = { name, type: "A", records: ["192.0.2.1"], ttl: 60, description: at.run };
    const { id } = await ask(`POST ${path}`, set);
    await ask(`GET ${path}/${id}`, undefined, active);
    await ask(`POST ${path}`, set);
    await ask(`POST ${path}`, { ...set, records: ["192.0.2.9"] });
    await ask(`POST ${path}`, { ...set, type: "TXT", records: ['"horse"'], description: "Ελληνικά" });
    await ask(`POST ${path}`, { ...set, type: "SPF", records: ['"horse"'], description: "🚀" });
    await ask(`POST ${path}`, { ...set, name: `two.${name}`, type: "TXT", records: ['"Grüße"'] });
    await ask(`GET ${path}?name=${name}&type=A`);
    await ask(`GET ${path}?name=*${name}&type=A`);
    await ask(`GET /recordsets?description=${at.run}`, undefined, {
      show: (body) => (body as { recordsets: { name: string }[] }).recordsets.map((one) => one.name),
    });
    await ask(`PUT ${path}/${id}`, { records: ["192.0.2.2", "192.0.2.3"], ttl: 120 });
    await ask(`PUT ${path}/${id}`, { name: `other.${name}` });
    await ask(`PUT ${path}/${id}`, { type: "AAAA" });
    await ask(`PUT ${path}/${id}`, { records: [] });
    await ask(`PUT ${path}/${id}`, { description: "d".repeat(161) });
    await ask(`DELETE ${path}/${id}`);
    await ask(`GET ${path}/${id}`);
    await ask(`PUT ${path}/${id}`, { ttl: 60 });
    await ask(`DELETE ${path}/${id}`);
  },
  "recordsets that can't be": async (at) => {
    const { ask, zone, name, apex } = await zoneOf(at);
    const path = `/zones/${zone}/recordsets`;
    const refused = (more: object) => ask(`POST ${path}`, { name, type: "A", records: ["192.0.2.1"], ...more });
    await ask(`POST ${path}`, { type: "A", records: ["192.0.2.1"] });
    await ask(`POST ${path}`, { name, records: ["192.0.2.1"] });
    await ask(`POST ${path}`, { name, type: "A" });
    await ask(`POST ${path}`);
    await ask(`POST ${path}`, "nonsense");
    await refused({ name: name.slice(0, -1) });
    await refused({ name: "elsewhere.example.com." });
    await refused({ name: `${"n".repeat(64)}.${apex}` });
    await refused({ name: 7 });
    await refused({ name: `grüße.${apex}` });
    await refused({ type: "NONSENSE" });
    await refused({ type: "AAAA" });
    await refused({ records: ["nonsense"] });
    await refused({ records: "192.0.2.1" });
    await refused({ records: [] });
    await refused({ records: ["192.0.2.1", "192.0.2.1"] });
    await refused({ ttl: -1 });
    await refused({ ttl: 0 });
    await refused({ ttl: 2_147_483_648 });
    await refused({ ttl: "soon" });
    await refused({ description: "d".repeat(161) });
    await refused({ wheels: 4 });
    await refused({ name: apex, type: "CNAME", records: [apex] });
    await refused({ name: apex, type: "SOA", records: ["nonsense"] });
    await ask(`POST /zones/${NOBODY}/recordsets`, { name, type: "A", records: ["192.0.2.1"] });
    await ask("POST /zones/nonsense/recordsets", { name, type: "A", records: ["192.0.2.1"] });
  },
  "recordsets that are not ours to change": async (at) => {
    const { ask, zone, apex } = await zoneOf(at);
    const path = `/zones/${zone}/recordsets`;
    for (const type of ["NS", "SOA"]) {
      const { id } = await ask(`GET ${path}?name=${apex}&type=${type}`, undefined, { show: () => "{hidden}" });
      await ask(`DELETE ${path}/${id}`);
      await ask(`PUT ${path}/${id}`, { ttl: 60 });
    }
    await ask(`GET ${path}/${NOBODY}`);
    await ask(`GET ${path}/nonsense`);
    await ask(`PUT ${path}/${NOBODY}`, { ttl: 60 });
    await ask(`DELETE ${path}/${NOBODY}`);
    await ask(`PATCH ${path}/${NOBODY}`, {});
  },
  "pages of recordsets": async (at) => {
    const { ask, zone, name } = await zoneOf(at);
    const path = `/zones/${zone}/recordsets`;
    for (const end of ["a", "b", "c"])
      await ask(`POST ${path}`, { name: `${end}.${name}`, type: "A", records: ["192.0.2.1"] }, { show: () => 0 });
    const mine = `name=*.${name}&sort_key=name`;
    const page = {
      show: (body: unknown) => {
        const { recordsets, ...rest } = body as { recordsets: { name: string }[] };
        return { ...rest, recordsets: recordsets.map((one) => one.name) };
      },
    };
    const first = await ask(`GET ${path}?${mine}&limit=1`, undefined, page);
    await ask(`GET ${path}?${mine}&limit=2&marker=${first.id}`, undefined, page);
    await ask(`GET ${path}?${mine}&limit=3`, undefined, page);
    await ask(`GET ${path}?${mine}&limit=4`, undefined, page);
    await ask(`GET ${path}?${mine}&limit=0`);
    await ask(`GET ${path}?${mine}&limit=nonsense`);
    await ask(`GET ${path}?${mine}&marker=${NOBODY}`);
    await ask(`GET ${path}?${mine}&marker=nonsense`);
    await ask(`GET ${path}?name=*.${name}&sort_key=nonsense`);
    await ask(`GET ${path}?limit=1`, undefined, { show: (body) => Object.keys(body as object).sort() });
  },
  "a pointer's life": async (at) => {
    const { ask, apex } = await zoneOf(at);
    const floating_network_id = await externalId(at);
    const floatingip = { floating_network_id };
    const { id } = await at("network")("POST /floatingips", { floatingip }, { show: () => 0 });
    const path = `/reverse/floatingips/${at.region}:${id}`;
    const only = (body: unknown) =>
      (body as { floatingips: { id: string }[] }).floatingips.filter((one) => one.id.endsWith(id));
    await ask(`GET ${path}`);
    await ask("GET /reverse/floatingips", undefined, { show: only });
    await ask(`PATCH ${path}`, { ptrdname: null });
    await ask(`PATCH ${path}`, { ptrdname: `${at.run}.${apex}`, ttl: 60, description: at.run });
    await ask(`GET ${path}`, undefined, active);
    await ask(`PATCH ${path}`, { ptrdname: `two.${apex}`, ttl: 120, description: "two" });
    await ask(`PATCH ${path}`, { ptrdname: "no-dot" });
    await ask(`PATCH ${path}`, { ptrdname: `two.${apex}`, ttl: -1 });
    await ask(`PATCH ${path}`, {});
    await ask(`PATCH ${path}`, { ptrdname: null });
    await ask(`GET ${path}`);
    await ask(`GET /reverse/floatingips/${at.region}:${NOBODY}`);
    await ask(`GET /reverse/floatingips/Atlantis:${id}`);
    await ask("GET /reverse/floatingips/nonsense");
    await ask(`PATCH /reverse/floatingips/${at.region}:${NOBODY}`, { ptrdname: `two.${apex}` });
    await ask(`PATCH /reverse/floatingips/${at.region}:${NOBODY}`, { ptrdname: null });
  },
  quotas: async (at) => {
    const small = await at.small({ dns: { zone_recordsets: 3 } });
    const ask = small("dns");
    const name = `${at.run}.example.net.`;
    const { id } = await ask("POST /zones", { name, email: "a@example.net" }, { show: () => 0 });
    const path = `/zones/${id}/recordsets`;
    await ask(`POST ${path}`, { name: `a.${name}`, type: "A", records: ["192.0.2.1"] }, { show: () => 0 });
    await ask(`POST ${path}`, { name: `b.${name}`, type: "A", records: ["192.0.2.1"] });
    await ask("POST /zones", { name, email: "a@example.net" });
  },
};
