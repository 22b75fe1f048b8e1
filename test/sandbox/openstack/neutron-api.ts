import type { Options } from "../../../sandbox/openstack/core.ts";
import { all, one, openApi } from "./api.ts";

/** An id that there isn't. */
export const NIL = "11111111-2222-3333-8444-555555555555";

export const refusal = (status: number, type: string, message: string) => ({
  status,
  body: { NeutronError: { type, message, detail: "" } },
});
export const bad = (message: string, type = "HTTPBadRequest") => refusal(400, type, message);
export const full = (resource: string) => refusal(409, "OverQuota", `Quota exceeded for resources: ['${resource}'].`);

const COLLECTIONS = {
  network: "networks",
  subnet: "subnets",
  port: "ports",
  router: "routers",
  floatingip: "floatingips",
  security_group: "security-groups",
  security_group_rule: "security-group-rules",
} as const;
export type Resource = keyof typeof COLLECTIONS;

export function openNeutron(options: Options = {}) {
  const api = openApi(options);
  const neutron = api.at("network");
  const path = (of: Resource, rest = "") => `/v2.0/${COLLECTIONS[of]}${rest}`;
  const post = (of: Resource, asked: object, who?: string) => neutron("POST", path(of), { [of]: asked }, who);
  return {
    ...api,
    neutron,
    post,
    get: (of: Resource, id: string, who?: string) => neutron("GET", path(of, `/${id}`), undefined, who),
    put: (of: Resource, id: string, asked: object, who?: string) =>
      neutron("PUT", path(of, `/${id}`), { [of]: asked }, who),
    remove: (of: Resource, id: string, who?: string) => neutron("DELETE", path(of, `/${id}`), undefined, who),
    list: (of: Resource, query = "", who?: string) => neutron("GET", path(of, query), undefined, who),
    /** One that is made without ado. */
    make: async (of: Resource, asked: object = {}, who?: string) => one(await post(of, asked, who), of),
    names: async (of: Resource, query = "", who?: string) =>
      all(await neutron("GET", path(of, query), undefined, who), COLLECTIONS[of].replaceAll("-", "_")),
    external: async () =>
      String(all(await neutron("GET", path("network", "?router:external=true")), "networks", "id")[0]),
    limit: (resource: Resource, most: number) =>
      api.sandbox.quotas.set(api.sandbox.project("team-a").id, "network", resource, most),
  };
}

/** A network with one subnet. */
export async function openSubnet(more: object = {}) {
  const api = openNeutron();
  const net = (await api.make("network", { name: "n" })).id;
  const subnet = { network_id: net, ip_version: 4, cidr: "10.9.0.0/24", ...more };
  return { ...api, net, subnet: (await api.make("subnet", subnet)).id };
}
