import type { Ask } from "./exchange.ts";
import { NOBODY, place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const SERVERS = { microversion: "2.52" };
const KEYS = { microversion: "2.92" };
const zero = { show: () => 0 };
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwV6jBQ7Q0jRNJr5Ej1ZkJcY2bH8xXvPpN3y1mQ2s7d kinvirt";

const serverOf = (body: unknown) => (body as { server?: Record<string, unknown> }).server;
const statusIs = (wanted: string) => (answer: { readonly body: unknown }) =>
  serverOf(answer.body)?.["status"] === wanted;
const labels = {
  show: (body: unknown) => {
    const server = serverOf(body);
    return server === undefined
      ? body
      : { name: server["name"], description: server["description"], fields: Object.keys(server).sort() };
  },
};

async function server(at: At, more: object = {}) {
  const ask = at("compute", SERVERS);
  const { network_id } = await place(at);
  const listed = await ask("GET /flavors/detail", undefined, zero);
  const { flavors } = listed.body as { flavors: { id: string; ram: number }[] };
  const flavorRef = flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id;
  const image = await at("image")("GET /images?name=ubuntu-24.04-kube", undefined, zero);
  const asked = { name: at.run, flavorRef, imageRef: image.id, networks: [{ uuid: network_id }], ...more };
  const { id } = await ask("POST /servers", { server: asked }, zero);
  return { ask, id, path: `/servers/${id}` };
}

const ready = (ask: Ask, path: string) => ask(`GET ${path}`, undefined, { until: statusIs("ACTIVE"), ...zero });

export const computeBySource: Cases = {
  "a server's changes": async (at) => {
    const { ask, path } = await server(at);
    await ready(ask, path);
    const change = (asked: object) => ask(`PUT ${path}`, { server: asked }, labels);
    await change({ name: `${at.run}-2`, description: "two" });
    await change({ description: null });
    await change({});
    await change({ name: "" });
    await change({ name: "n".repeat(256) });
    await change({ name: 7 });
    await change({ wheels: 4 });
    await change({ metadata: { of: at.run } });
    await ask(`PUT ${path}`, {});
    await ask(`PUT /servers/${NOBODY}`, { server: { name: "x" } });
    await ask(`GET /servers?name=${at.run}-2`, undefined, {
      show: (body) => (body as { servers: { name: string }[] }).servers.map(({ name }) => name),
    });
  },
  "what is written on a server": async (at) => {
    const { ask, path } = await server(at, { metadata: { of: "one" } });
    await ready(ask, path);
    await ask(`GET ${path}/metadata`);
    await ask(`POST ${path}/metadata`, { metadata: { other: "Grüße" } });
    await ask(`PUT ${path}/metadata/of`, { meta: { of: "two" } });
    await ask(`PUT ${path}/metadata/of`, { meta: { other: "two" } });
    await ask(`GET ${path}/metadata/of`);
    await ask(`GET ${path}/metadata/nobody`);
    await ask(`DELETE ${path}/metadata/other`);
    await ask(`DELETE ${path}/metadata/other`);
    await ask(`PUT ${path}/metadata`, { metadata: { only: "this" } });
    await ask(`POST ${path}/metadata`, { metadata: { key: 7 } });
    await ask(`POST ${path}/metadata`, { metadata: { key: "v".repeat(256) } });
    await ask(`POST ${path}/metadata`, { metadata: "nonsense" });
    await ask(`POST ${path}/metadata`, {});
    await ask(`GET /servers/${NOBODY}/metadata`);
    const sorted = (body: unknown) => (body as { tags?: string[] }).tags?.toSorted() ?? body;
    const tags = (call: string, body?: unknown) => ask(call.replace(" ", ` ${path}/tags`), body, { show: sorted });
    await tags("PUT ", { tags: ["b", "a", "b"] });
    await tags("GET ");
    await tags("PUT /c");
    await tags("GET /c");
    await tags("DELETE /c");
    await tags("DELETE /c");
    await tags("PUT ", { tags: ["a,b"] });
    await tags("PUT ", { tags: "nonsense" });
    await tags("DELETE ");
  },
  "off, on and again": async (at) => {
    const { ask, path } = await server(at);
    await ready(ask, path);
    const act = (action: object) => ask(`POST ${path}/action`, action);
    await act({ reboot: {} });
    await act({ reboot: { type: "NONSENSE" } });
    await act({ reboot: { type: "HARD" } });
    await ready(ask, path);
    await act({ "os-stop": null });
    await ask(`GET ${path}`, undefined, { until: statusIs("SHUTOFF"), ...zero });
    await act({ "os-stop": null });
    await act({ reboot: { type: "SOFT" } });
    await act({ "os-start": null });
    await ready(ask, path);
    await act({ "os-start": null });
    await act({ "os-start": null, "os-stop": null });
    const sizes = (body: unknown) =>
      Object.values((body as { addresses: Record<string, unknown[]> }).addresses).map((list) =>
        list.map((one) => Object.keys(one as object).sort()),
      );
    await ask(`GET ${path}/ips`, undefined, { show: sizes });
    await ask(`GET ${path}/ips/nobody-has-this-name`);
    await ask(`GET ${path}/os-interface`, undefined, {
      show: (body) =>
        (body as { interfaceAttachments: object[] }).interfaceAttachments.map((one) => Object.keys(one).sort()),
    });
  },
  "a key pair's life": async (at) => {
    const ask = at("compute", KEYS);
    const keypair = { name: at.run, type: "ssh", public_key: KEY };
    const path = `/os-keypairs/${at.run}`;
    at.undoing(() => ask(`DELETE ${path}`, undefined, zero));
    await ask("POST /os-keypairs", { keypair });
    await ask("POST /os-keypairs", { keypair });
    await ask(`GET ${path}`, undefined, {
      show: (body) => ({
        ...(body as { keypair: object }).keypair,
        id: typeof (body as { keypair: { id: unknown } }).keypair.id,
      }),
    });
    await ask("GET /os-keypairs", undefined, {
      show: (body) =>
        (body as { keypairs: { keypair: { name: string } }[] }).keypairs.filter((one) => one.keypair.name === at.run),
    });
    await ask(`DELETE ${path}`);
    await ask(`GET ${path}`);
    await ask(`DELETE ${path}`);
  },
  "key pairs that can't be": async (at) => {
    const ask = at("compute", KEYS);
    const refused = (more: object) => ask("POST /os-keypairs", { keypair: { name: at.run, public_key: KEY, ...more } });
    await refused({ public_key: "nonsense" });
    await refused({ public_key: undefined });
    await refused({ name: "" });
    await refused({ name: "n".repeat(256) });
    await refused({ name: "a/b" });
    await refused({ name: undefined });
    await refused({ type: "nonsense" });
    await refused({ user_id: NOBODY });
    await refused({ wheels: 4 });
    await ask("POST /os-keypairs", {});
    await at("compute", { microversion: "2.10" })("POST /os-keypairs", { keypair: { name: "a@b", public_key: KEY } });
    await ask("GET /os-keypairs?marker=nobody-has-this-name");
    await ask("GET /os-keypairs?nonsense=1");
  },
};
