import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { collection, type Labels, tags } from "./network-collection.ts";

const port = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  network_id: z.string(),
  mac_address: z.string(),
  /** DOWN until it is bound and its server runs; ACTIVE, BUILD, ERROR. */
  status: z.string(),
  device_id: z.string(),
  device_owner: z.string(),
  fixed_ips: z.array(z.object({ subnet_id: z.string(), ip_address: z.string() })),
  security_groups: z.array(z.string()),
  tags,
});

export type Port = z.infer<typeof port>;

export interface NewPort extends Labels {
  readonly network_id: string;
  readonly fixed_ips: readonly { readonly subnet_id: string }[];
  readonly security_groups: readonly string[];
}

const floatingIp = z.object({
  id: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  floating_ip_address: z.string(),
  floating_network_id: z.string(),
  fixed_ip_address: z.string().nullable(),
  port_id: z.string().nullable(),
  router_id: z.string().nullable(),
  /** DOWN while unassociated; ACTIVE or ERROR. */
  status: z.string(),
  tags,
});

export type FloatingIp = z.infer<typeof floatingIp>;

/** Ports and floating IPs. */
export function addresses(endpoint: Endpoint) {
  const ports = collection(endpoint, "/ports", "port", port);
  const floatingIps = collection(endpoint, "/floatingips", "floatingip", floatingIp);
  return {
    listPorts: ports.list,
    getPort: ports.get,
    createPort: (asked: NewPort) => ports.create({ ...asked }),
    /** All or none, in the order asked. */
    createPorts: (asked: readonly NewPort[]) => ports.createAll(asked.map((one) => ({ ...one }))),
    updatePort: (id: string, change: { readonly security_groups: readonly string[] }) => ports.update(id, change),
    /** In place of those that it has. Not every release takes them when a port is made. */
    setPortTags: ports.setTags,
    /** Refused with a conflict for a router's port, and for one that is part of a trunk. */
    deletePort: ports.delete,
    listFloatingIps: floatingIps.list,
    getFloatingIp: floatingIps.get,
    /** Not associated. A floating IP has no name, and tags can't be set by this call. */
    createFloatingIp: (asked: Pick<Labels, "description"> & Pick<FloatingIp, "floating_network_id">) =>
      floatingIps.create({ ...asked }),
    /**
     * `port_id: null` takes it off. 404 when the port's subnet has no way to the external network; a conflict when the
     * port's address has another floating IP already.
     */
    updateFloatingIp: (id: string, change: Pick<FloatingIp, "port_id">) => floatingIps.update(id, change),
    deleteFloatingIp: floatingIps.delete,
  };
}
