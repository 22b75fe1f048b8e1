import { NOBODY } from "./network.ts";
import type { Cases } from "./suite.ts";

const active = {
  until: (answer: { readonly body: unknown }) => (answer.body as { status?: string }).status === "ACTIVE",
};
const keys = { show: (body: unknown) => Object.keys(body as object).sort() };
/** Without what is in it: three of one name come in any order. */
const one = {
  show: (body: unknown) => ({ ...(body as object), secrets: (body as { secrets: object[] }).secrets.length }),
};
const meta = (name: string) => ({
  name,
  algorithm: "aes",
  bit_length: 256,
  mode: "cbc",
  payload_content_type: "application/octet-stream",
});

export const keyManagerCases: Cases = {
  "a secret's life": async (at) => {
    const ask = at("key-manager");
    const text = { payload: "horse battery", payload_content_type: "text/plain", secret_type: "opaque" };
    const { id } = await ask("POST /secrets", { name: at.run, ...text });
    await ask(`GET /secrets/${id}`);
    await ask(`GET /secrets?name=${at.run}&limit=100`);
    await ask("GET /secrets?name=nobody-has-this-name&limit=100");
    await ask(`GET /secrets/${id}/payload`, undefined, { headers: { accept: "text/plain" } });
    await ask(`GET /secrets/${id}/payload`, undefined, { headers: { accept: "image/png" } });
    const access = (body: unknown) => (body as { read: { "project-access": boolean } }).read["project-access"];
    await ask(`GET /secrets/${id}/acl`, undefined, { show: access });
    await ask(`PUT /secrets/${id}/acl`, { read: { "project-access": false } }, keys);
    await ask(`GET /secrets/${id}/acl`, undefined, { show: access });
    await ask(`PUT /secrets/${id}/acl`, { read: { "project-access": "no" } });
    await ask(`GET /secrets/${id}/payload`, undefined, { headers: { accept: "text/plain" } });
    await ask(`GET /secrets/${NOBODY}/acl`);
    await ask("POST /secrets", { name: at.run, ...text });
    await ask("POST /secrets", { name: `${at.run} Grüße 東京`, ...text });
    await ask(`DELETE /secrets/${id}`);
    await ask(`GET /secrets/${id}`);
    await ask(`GET /secrets/${id}/payload`, undefined, { headers: { accept: "text/plain" } });
    await ask(`DELETE /secrets/${id}`);
  },
  "secrets that can't be": async (at) => {
    const ask = at("key-manager");
    const refused = (more: object) =>
      ask("POST /secrets", { name: at.run, payload: "horse", payload_content_type: "text/plain", ...more });
    await ask("POST /secrets");
    await ask("POST /secrets", "{");
    await ask("POST /secrets", { name: at.run, payload: "horse" });
    await refused({ payload: "" });
    await refused({ payload: 7 });
    await refused({ payload: "x".repeat(20_001) });
    await refused({ name: "n".repeat(256) });
    await refused({ name: 7 });
    await refused({ payload_content_type: "nonsense" });
    await refused({ payload_content_type: "application/octet-stream" });
    await refused({ secret_type: "nonsense" });
    await refused({ expiration: "nonsense" });
    await refused({ expiration: "2001-01-01T00:00:00" });
    await refused({ algorithm: 1 });
    await refused({ bit_length: "long" });
    await ask(`GET /secrets/${NOBODY}`);
    await ask("GET /secrets/nonsense");
    await ask(`DELETE /secrets/${NOBODY}`);
    await ask("GET /nonsense");
    await ask("PATCH /secrets", {});
  },
  "an order's life": async (at) => {
    const ask = at("key-manager");
    const { id } = await ask("POST /orders", { type: "key", meta: meta(at.run) });
    const made = await ask(`GET /orders/${id}`, undefined, active);
    const ref = (made.body as { secret_ref: string }).secret_ref;
    const key = ref.slice(ref.lastIndexOf("/") + 1);
    await ask(`GET /secrets/${key}`);
    await ask(`GET /secrets?name=${at.run}&limit=100`);
    await ask("GET /orders?limit=100", undefined, {
      show: (body) =>
        (body as { orders: { meta: { name: string } }[] }).orders.filter((one) => one.meta.name === at.run),
    });
    await ask(`DELETE /orders/${id}`);
    await ask(`GET /orders/${id}`);
    await ask(`DELETE /orders/${id}`);
    await ask(`GET /secrets/${key}`, undefined, { show: () => 0 });
    await ask(`DELETE /secrets/${key}`);
  },
  "orders that can't be": async (at) => {
    const ask = at("key-manager");
    const refused = (more: object, type: unknown = "key") =>
      ask("POST /orders", { type, meta: { ...meta(at.run), ...more } });
    await ask("POST /orders");
    await ask("POST /orders", { meta: meta(at.run) });
    await ask("POST /orders", { type: "key" });
    await refused({}, "nonsense");
    await refused({ algorithm: undefined });
    await refused({ bit_length: undefined });
    await refused({ bit_length: 7 });
    await refused({ bit_length: "long" });
    await refused({ name: "n".repeat(256) });
    await refused({ name: 7 });
    await refused({ payload: "horse" });
    await refused({ payload_content_type: undefined });
    await ask(`GET /orders/${NOBODY}`);
    await ask("GET /orders/nonsense");
    await ask(`DELETE /orders/${NOBODY}`);
  },
  "pages and quotas": async (at) => {
    const ask = at("key-manager");
    const text = { payload: "horse", payload_content_type: "text/plain" };
    for (let made = 0; made < 3; made += 1) await ask("POST /secrets", { name: at.run, ...text }, { show: () => 0 });
    const mine = `GET /secrets?name=${at.run}`;
    await ask(`${mine}&limit=1`, undefined, one);
    await ask(`${mine}&limit=1&offset=1`, undefined, keys);
    await ask(`${mine}&limit=2&offset=2`, undefined, keys);
    await ask(`${mine}&limit=3`, undefined, keys);
    await ask(`${mine}&limit=0`, undefined, one);
    await ask(`${mine}&limit=-1`, undefined, keys);
    await ask(`${mine}&limit=nonsense`, undefined, keys);
    await ask(`${mine}&offset=nonsense`, undefined, keys);
    await ask("GET /secrets?limit=1", undefined, { show: (body) => typeof (body as { total: unknown }).total });
    await ask("GET /orders?limit=1", undefined, { show: (body) => typeof (body as { total: unknown }).total });
    await ask("GET /quotas");
    await ask(`GET /project-quotas/${at.project}`);
    await ask(`PUT /project-quotas/${at.project}`, { project_quotas: { secrets: 1 } });
    const small = (await at.small({ "key-manager": { secrets: 1, orders: 1 } }))("key-manager");
    await small("GET /quotas");
    await small("POST /secrets", { name: at.run, ...text }, { show: () => 0 });
    await small("POST /secrets", { name: at.run, ...text });
    await small("POST /orders", { type: "key", meta: meta(at.run) });
    await small("POST /orders", { type: "key", meta: meta(at.run) });
  },
};
