import { NOBODY } from "./network.ts";
import type { Cases } from "./suite.ts";

const GROUPS = { microversion: "2.64" };
const SERVERS = { microversion: "2.52" };

const first = (key: string) => (body: unknown) =>
  Object.keys((body as Record<string, object[]>)[key]?.[0] ?? {}).sort();

const hidden = { show: () => "{hidden}" };

export const computeCases: Cases = {
  "flavors, zones and quotas": async (at) => {
    const ask = at("compute");
    const { id } = await ask("GET /flavors/detail?limit=1", undefined, { show: first("flavors") });
    await ask("GET /flavors?limit=1", undefined, { show: (body) => Object.keys(body as object).sort() });
    await ask(`GET /flavors/${id}`, undefined, hidden);
    await ask("GET /flavors/nonsense");
    await ask("GET /flavors?limit=-1");
    await ask("GET /flavors?limit=nonsense");
    await ask("GET /flavors?marker=nonsense");
    await ask("GET /os-availability-zone");
    await ask(`GET /os-quota-sets/${at.project}/detail`, undefined, {
      show: (body) => Object.keys((body as { quota_set: object }).quota_set).sort(),
    });
    await ask(`GET /os-quota-sets/${NOBODY}/detail`);
    await ask(`PUT /os-quota-sets/${at.project}`, { quota_set: { cores: 1 } });
  },
  "a server group's life": async (at) => {
    const ask = at("compute", GROUPS);
    const { id } = await ask("POST /os-server-groups", { server_group: { name: at.run, policy: "anti-affinity" } });
    await ask(`GET /os-server-groups/${id}`);
    const mine = (body: unknown) =>
      (body as { server_groups: { name: string }[] }).server_groups.filter(({ name }) => name === at.run);
    await ask("GET /os-server-groups?offset=0", undefined, { show: mine });
    await ask("GET /os-server-groups?limit=nonsense");
    const count = (body: unknown) => (body as { server_groups: unknown[] }).server_groups.length;
    await ask("GET /os-server-groups?limit=1", undefined, { show: count });
    await ask("GET /os-server-groups?limit=1&offset=10000", undefined, { show: count });
    await ask("POST /os-server-groups", { server_group: { name: at.run, policy: "anti-affinity" } }, hidden);
    await ask(`DELETE /os-server-groups/${id}`);
    await ask(`GET /os-server-groups/${id}`);
    await ask(`DELETE /os-server-groups/${id}`);
    await ask("GET /os-server-groups/nonsense");
  },
  "server groups that can't be": async (at) => {
    const ask = at("compute", GROUPS);
    const refused = (server_group: unknown) => ask("POST /os-server-groups", { server_group });
    await refused({ name: at.run });
    await refused({ policy: "affinity" });
    await refused({ name: at.run, policy: "nonsense" });
    await refused({ name: at.run, policies: ["affinity"] });
    await refused({ name: "", policy: "affinity" });
    await refused({ name: 7, policy: "affinity" });
    await refused({ name: "n".repeat(256), policy: "affinity" });
    await refused({ name: ` ${at.run}`, policy: "affinity" });
    await refused({ name: `${at.run} Grüße 東京`, policy: "affinity" });
    await refused(undefined);
    await ask("POST /os-server-groups");
    await ask("POST /os-server-groups", "{");
  },
  "servers that are not there": async (at) => {
    const ask = at("compute", SERVERS);
    for (const id of [NOBODY, "nonsense"]) {
      await ask(`GET /servers/${id}`);
      await ask(`DELETE /servers/${id}`);
      await ask(`POST /servers/${id}/action`, { "os-getConsoleOutput": { length: 10 } });
    }
    await ask("GET /servers/detail?limit=-1");
    await ask("GET /servers/detail?limit=nonsense");
    await ask(`GET /servers/detail?marker=${NOBODY}`);
    await ask("GET /servers/detail?sort_key=nonsense");
    await ask("GET /nonsense");
    await ask(`PATCH /servers/${NOBODY}`, {});
    await ask("DELETE /servers");
  },
  "version documents": async (at) => {
    const names = (body: unknown) => {
      const { version, versions } = body as { version?: object; versions?: object[] };
      return Object.keys(version ?? versions?.[0] ?? {}).sort();
    };
    await at("compute")("GET /", undefined, { show: names });
    await at("shared-file-system")("GET /", undefined, { show: names });
  },
  microversions: async (at) => {
    await at("compute", { microversion: "2.999" })("GET /servers");
    await at("compute", { microversion: "1.1" })("GET /servers");
    await at("compute", { microversion: "nonsense" })("GET /servers");
    await at("compute", { microversion: "2.1" })("POST /servers", { server: { name: at.run, tags: [] } });
    await at("compute", { microversion: "2.14" })("POST /os-server-groups", {
      server_group: { name: at.run, policy: "affinity" },
    });
    await at("shared-file-system", { microversion: "2.999" })("GET /shares");
    await at("shared-file-system", { microversion: "1.9" })("GET /shares");
    await at("shared-file-system", { microversion: "nonsense" })("GET /shares");
    await at("shared-file-system", { microversion: "2.7" })(`GET /share-access-rules/${NOBODY}`);
  },
};

export const imageCases: Cases = {
  images: async (at) => {
    const ask = at("image");
    const fields = { show: first("images") };
    const { id } = await ask("GET /images?name=ubuntu-24.04-kube&status=active", undefined, fields);
    await ask("GET /images?tag=nobody-has-this-tag&status=active");
    await ask(`GET /images?name=${encodeURIComponent('in:"nobody,nothing"')}&status=active`);
    await ask("GET /images?name=nobody-has-this-name&limit=1");
    await ask("GET /images?status=nonsense&name=nobody-has-this-name");
    await ask("GET /images?limit=1", undefined, { show: (body) => Object.keys(body as object).sort() });
    await ask("GET /images?limit=-1");
    await ask("GET /images?limit=nonsense");
    await ask(`GET /images?marker=${NOBODY}`);
    await ask("GET /images?sort_key=nonsense");
    await ask(`GET /images/${id}`, undefined, { show: (body) => Object.keys(body as object).sort() });
    await ask(`GET /images/${NOBODY}`);
    await ask("GET /images/nonsense");
    await ask(`DELETE /images/${id}`);
    await ask("GET /nonsense");
  },
};
