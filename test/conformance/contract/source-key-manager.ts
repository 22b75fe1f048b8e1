import { NOBODY } from "./network.ts";
import type { Cases } from "./suite.ts";

const zero = { show: () => 0 };
const text = { payload: "horse", payload_content_type: "text/plain" };
const payload = { headers: { accept: "text/plain" } };

export const keysBySource: Cases = {
  "who may read a secret": async (at) => {
    const mine = at("key-manager");
    const { id } = await mine("POST /secrets", { name: at.run, ...text }, zero);
    const other = (await at.small({}))("key-manager");
    const shown = {
      show: (body: unknown) =>
        (body as { read?: object }).read === undefined ? body : Object.keys((body as { read: object }).read).sort(),
    };
    await other(`GET /secrets/${id}/payload`, undefined, payload);
    await mine(`PUT /secrets/${id}/acl`, { read: { users: [at.user] } });
    await mine(`GET /secrets/${id}/acl`, undefined, {
      show: (body) => {
        const { users, "project-access": access } = (body as { read: Record<string, unknown> }).read;
        return { users, access };
      },
    });
    await mine(`PATCH /secrets/${id}/acl`, { read: { "project-access": false } });
    await mine(`GET /secrets/${id}/acl`, undefined, shown);
    await mine(`GET /secrets/${id}/payload`, undefined, payload);
    await mine(`PUT /secrets/${id}/acl`, {});
    await mine(`GET /secrets/${id}/acl`);
    await mine(`PATCH /secrets/${id}/acl`, { read: { users: [] } });
    await mine(`DELETE /secrets/${id}/acl`);
    await mine(`GET /secrets/${id}/acl`);
    await other(`GET /secrets/${id}/acl`);
    await mine(`PUT /secrets/${NOBODY}/acl`, { read: {} });
  },
  "access lists that can't be": async (at) => {
    const ask = at("key-manager");
    const { id } = await ask("POST /secrets", { name: at.run, ...text }, zero);
    const refused = (body: unknown) => ask(`PUT /secrets/${id}/acl`, body);
    await refused({ read: "nonsense" });
    await refused({ read: { users: "nonsense" } });
    await refused({ read: { "project-access": 1 } });
    await refused({ read: { wheels: 4 } });
    await refused({ write: {} });
    await refused("{");
  },
  "a secret in two steps": async (at) => {
    const ask = at("key-manager");
    const { id } = await ask("POST /secrets", { name: at.run, algorithm: "aes", bit_length: 256, mode: "cbc" });
    await ask(`GET /secrets/${id}`);
    await ask(`GET /secrets/${id}/payload`, undefined, payload);
    const put = (body: string, headers: Readonly<Record<string, string>>) =>
      ask(`PUT /secrets/${id}`, body, { headers });
    await put("", { "content-type": "text/plain" });
    await put("horse", { "content-type": "image/png" });
    await put("horse", { "content-type": "text/plain" });
    await put("horse", { "content-type": "text/plain" });
    await ask(`GET /secrets/${id}/payload`, undefined, payload);
    await ask(`GET /secrets/${id}`);
    await ask(`PUT /secrets/${NOBODY}`, "horse", { headers: { "content-type": "text/plain" } });
  },
  "secrets, found": async (at) => {
    const ask = at("key-manager");
    const of = (more: object) => ask("POST /secrets", { ...text, ...more }, zero);
    await of({ name: `${at.run}-a`, algorithm: "aes", bit_length: 256, mode: "cbc", secret_type: "passphrase" });
    await of({ name: `${at.run}-b`, expiration: "2099-01-01T00:00:00" });
    const names = {
      show: (body: unknown) => (body as { secrets: { name: string }[] }).secrets.map(({ name }) => name),
    };
    await ask(`GET /secrets?name=${at.run}-a&alg=aes&bits=256&mode=cbc`, undefined, names);
    await ask(`GET /secrets?name=${at.run}-a&alg=rsa`, undefined, names);
    await ask(`GET /secrets?name=${at.run}-a&secret_type=passphrase`, undefined, names);
    await ask(`GET /secrets?name=${at.run}-a&secret_type=opaque`, undefined, names);
    await ask(`GET /secrets?name=${at.run}-b&sort=name:desc`, undefined, names);
    await ask("GET /secrets?sort=nonsense");
    await ask(`GET /secrets?name=${at.run}`, undefined, names);
  },
};
