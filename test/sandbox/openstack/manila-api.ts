import type { Options } from "../../../sandbox/openstack/core.ts";
import { one, openApi } from "./api.ts";

/** An id that there isn't. */
export const NIL = "11111111-2222-3333-4444-555555555555";
/** By then whatever Manila does after an answer has come to its end. */
export const SETTLED_MS = 11_000;
const NAMES = { 400: "badRequest", 403: "forbidden", 404: "itemNotFound", 409: "conflictingRequest" } as const;

export const refusal = (code: keyof typeof NAMES, message: string) => ({
  status: code,
  body: { [NAMES[code]]: { code, message } },
});
export const overLimit = (message: string) => ({
  status: 413,
  body: { overLimit: { code: 413, message, retryAfter: "0" } },
  headers: { "retry-after": "0" },
});
/** The body that asks for a small share. */
export const sharing = (more: object = {}) => ({ share: { name: "s", size: 1, share_proto: "NFS", ...more } });
export const allow = (more: object = {}) => ({
  allow_access: { access_type: "ip", access_to: "10.8.0.0/24", access_level: "rw", ...more },
});

export function openManila(options: Options = {}) {
  const api = openApi(options);
  const as = (version: string) => api.at("shared-file-system", { "x-openstack-manila-api-version": version });
  const manila = as("2.45");
  const neutron = api.at("network");
  return {
    ...api,
    as,
    manila,
    neutron,
    /** A share that has come to be, or failed to; its id. */
    async share(more: object = {}, who = "team-a"): Promise<string> {
      const { id } = one(await manila("POST", "/v2/shares", sharing(more), who), "share");
      api.pass(SETTLED_MS);
      return id;
    },
    /** Of a share. */
    show: async (id: string) => one(await manila("GET", `/v2/shares/${id}`), "share"),
    act: (id: string, body: unknown, who?: string) => manila("POST", `/v2/shares/${id}/action`, body, who),
    async shareNetwork(cidr = "10.9.0.0/24") {
      const net = one(await neutron("POST", "/v2.0/networks", { network: {} }), "network").id;
      const asked = { network_id: net, ip_version: 4, cidr };
      const subnet = one(await neutron("POST", "/v2.0/subnets", { subnet: asked }), "subnet").id;
      const share_network = { name: "n", neutron_net_id: net, neutron_subnet_id: subnet };
      const { id } = one(await manila("POST", "/v2/share-networks", { share_network }), "share_network");
      return { id, net, subnet };
    },
  };
}
