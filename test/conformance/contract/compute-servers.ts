import { NOBODY, place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const GROUPS = { microversion: "2.64" };
const SERVERS = { microversion: "2.52" };

const hidden = { show: () => "{hidden}" };

async function smallest(at: At): Promise<string> {
  const { body } = await at("compute")("GET /flavors/detail", undefined, hidden);
  const { flavors } = body as { flavors: { id: string; ram: number }[] };
  return flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? "";
}

/** What a server needs, of this case. */
async function parts(at: At) {
  const { network_id, subnet_id } = await place(at);
  const flavorRef = await smallest(at);
  const image = await at("image")("GET /images?name=ubuntu-24.04-kube", undefined, hidden);
  const group = await at("compute", GROUPS)("POST /os-server-groups", {
    server_group: { name: at.run, policy: "soft-anti-affinity" },
  });
  const port = await at("network")("POST /ports", { port: { network_id, security_groups: [] } }, hidden);
  const server = { name: at.run, flavorRef, imageRef: image.id, networks: [{ port: port.id }] };
  return { network_id, subnet_id, server, group: group.id, port: port.id };
}

/** Without what the machine below it makes of it. */
const plain = (body: unknown) => {
  const { server } = body as { server: Record<string, unknown> };
  const { addresses, hostId, flavor, image, ...rest } = server;
  return { ...rest, flavor: Object.keys(flavor as object).sort(), image: Object.keys(image as object).sort() };
};

const statusIs = (wanted: string) => (answer: { readonly body: unknown }) =>
  (answer.body as { server?: { status?: string } }).server?.status === wanted;

export const serverCases: Cases = {
  "a server's life": async (at) => {
    const ask = at("compute", SERVERS);
    const { server, group, port } = await parts(at);
    const asked = { server: { ...server, metadata: { of: at.run }, tags: [at.run] }, "os:scheduler_hints": { group } };
    const { id } = await ask("POST /servers", asked, {
      show: (body) => Object.keys((body as { server: object }).server).sort(),
    });
    await ask(`POST /servers/${id}/action`, { "os-getConsoleOutput": { length: 10 } });
    await ask(`GET /servers/${id}`, undefined, { until: statusIs("ACTIVE"), show: plain });
    await ask(`GET /servers/detail?tags=${at.run}`, undefined, {
      show: (body) => (body as { servers: { tags: unknown }[] }).servers.map(({ tags }) => tags),
    });
    await ask("GET /servers/detail?tags=nobody-has-this-tag");
    const links = (body: unknown) => (body as { servers_links?: unknown }).servers_links;
    await ask(`GET /servers/detail?tags=${at.run}&limit=1`, undefined, { show: links });
    await ask(`GET /servers/detail?tags=${at.run}&limit=1&marker=${id}`);
    await ask(`GET /servers/detail?tags=${at.run}&limit=2`, undefined, { show: links });
    await ask("POST /servers", asked);
    await ask(
      `POST /servers/${id}/action`,
      { "os-getConsoleOutput": { length: 10 } },
      {
        show: (body) => Object.keys(body as object),
      },
    );
    await ask(`POST /servers/${id}/action`, { "os-getConsoleOutput": { length: "ten" } });
    await ask(`POST /servers/${id}/action`, { nonsense: {} });
    await ask(`POST /servers/${id}/action`, { "os-start": null });
    const ports = `GET /ports?device_id=${id}&fields=id&fields=device_owner`;
    await at("network")(ports);
    await ask(`DELETE /servers/${id}`);
    await ask(`GET /servers/${id}`, undefined, { until: ({ status }) => status === 404 });
    await ask(`DELETE /servers/${id}`);
    await ask(`POST /servers/${id}/action`, { "os-getConsoleOutput": { length: 10 } });
    await at("network")(`GET /ports/${port}`, undefined, {
      show: (body) => Object.values((body as { port: object }).port).includes(id),
    });
  },
  "servers that can't be": async (at) => {
    const ask = at("compute", SERVERS);
    const { server, group } = await parts(at);
    const refused = (more: object, hints?: object) =>
      ask("POST /servers", {
        server: { ...server, ...more },
        ...(hints === undefined ? {} : { "os:scheduler_hints": hints }),
      });
    const { name, ...nameless } = server;
    await ask("POST /servers", { server: nameless });
    await ask("POST /servers", { server: { name } });
    await ask("POST /servers", {});
    await refused({ name: "" });
    await refused({ name: "n".repeat(256) });
    await refused({ name: 7 });
    await refused({ flavorRef: "nonsense" });
    await refused({ imageRef: "nonsense" });
    await refused({ imageRef: NOBODY });
    await refused({ imageRef: "" });
    await refused({ networks: [{ port: NOBODY }] });
    await refused({ networks: [{ port: "nonsense" }] });
    await refused({ networks: [{ uuid: NOBODY }] });
    await refused({ networks: "nonsense" });
    await refused({ user_data: "not base64!" });
    const long = { ...server, user_data: "x".repeat(65_536) };
    // Nova repeats the whole of it.
    const tail = (body: unknown) => (body as { badRequest: { message: string } }).badRequest.message.slice(-40);
    await ask("POST /servers", { server: long }, { show: tail });
    await refused({ metadata: { key: "v".repeat(256) } });
    await refused({ metadata: { key: 7 } });
    await refused({ tags: ["a,b"] });
    await refused({ tags: ["t".repeat(61)] });
    await refused({ key_name: "nobody-has-this-key" });
    await refused({ availability_zone: "nonsense" });
    await refused({ wheels: 4 });
    await refused({}, { group: NOBODY });
    await refused({}, { group: "nonsense" });
    await at("network")(`GET /ports?network_id=${NOBODY}`);
    await at("compute", GROUPS)(`DELETE /os-server-groups/${group}`);
    await refused({}, { group });
  },
  "quotas, full": async (at) => {
    const small = await at.small({
      compute: { instances: 0, cores: 0, ram: 0, server_groups: 1 },
    });
    const ask = small("compute", GROUPS);
    await ask("POST /os-server-groups", { server_group: { name: at.run, policy: "affinity" } }, hidden);
    await ask("POST /os-server-groups", { server_group: { name: at.run, policy: "affinity" } });
    const { id: network_id } = await small("network")("POST /networks", { network: { name: at.run } }, hidden);
    await small("network")("POST /subnets", { subnet: { network_id, cidr: "10.62.0.0/24", ip_version: 4 } }, hidden);
    const flavorRef = await smallest(at);
    const image = await at("image")("GET /images?name=ubuntu-24.04-kube", undefined, hidden);
    const server = { name: at.run, flavorRef, imageRef: image.id, networks: [{ uuid: network_id }] };
    await small("compute", SERVERS)("POST /servers", { server });
  },
  "quotas, of servers alone": async (at) => {
    const small = await at.small({ compute: { instances: 0 } });
    const network = small("network");
    const { id: uuid } = await network("POST /networks", { network: { name: at.run } }, hidden);
    await network("POST /subnets", { subnet: { network_id: uuid, cidr: "10.62.0.0/24", ip_version: 4 } }, hidden);
    const flavorRef = await smallest(at);
    const image = await at("image")("GET /images?name=ubuntu-24.04-kube", undefined, hidden);
    const server = { name: at.run, flavorRef, imageRef: image.id, networks: [{ uuid }] };
    await small("compute", SERVERS)("POST /servers", { server });
  },
};
