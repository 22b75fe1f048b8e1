import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { collection, type Labels, unlessMissing } from "./network-collection.ts";

const gateway = z.object({
  network_id: z.string(),
  external_fixed_ips: z.array(z.object({ ip_address: z.string(), subnet_id: z.string() })),
});

const router = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  /** ACTIVE, ERROR, or ALLOCATING while a highly available router is scheduled. */
  status: z.string(),
  external_gateway_info: gateway.nullable(),
});

export type Router = z.infer<typeof router>;

/** The gateway as it is asked for; addresses are Neutron's choice. */
export interface Gateway {
  readonly network_id: string;
}

export function routers(endpoint: Endpoint) {
  const all = collection(endpoint, "/routers", "router", router);
  const done = z.object({ port_id: z.string() });
  const put = (id: string, verb: string, body: unknown) =>
    endpoint.call({ method: "PUT", path: `/routers/${id}/${verb}`, body, answer: done });
  return {
    listRouters: all.list,
    getRouter: all.get,
    createRouter: (asked: Labels & { readonly external_gateway_info: Gateway }) => all.create({ ...asked }),
    updateRouter: (id: string, change: { readonly external_gateway_info: Gateway | Record<never, never> }) =>
      all.update(id, change),
    /**
     * Refused with a conflict while it has interfaces, and by then it may have lost its gateway (Neutron 2025.1 with OVN):
     * take the interfaces off first.
     */
    deleteRouter: all.delete,
    /** Not idempotent: a second call for the same subnet is 400 "overlaps" or 409, though the first one worked. */
    addRouterInterface: (id: string, subnetId: string) => put(id, "add_router_interface", { subnet_id: subnetId }),
    /** Refused with a conflict while a floating IP needs the way through it. Removed already is success. */
    async removeRouterInterface(id: string, portId: string): Promise<void> {
      await unlessMissing(put(id, "remove_router_interface", { port_id: portId }));
    },
  };
}
