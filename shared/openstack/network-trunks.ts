import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { collection, type Labels } from "./network-collection.ts";

const trunk = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  /** The parent port: a server that boots on it gets the subports' traffic too, each in its own VLAN. */
  port_id: z.string(),
  /** DOWN until its parent is bound; ACTIVE, BUILD, DEGRADED (not all of its subports are wired) or ERROR. */
  status: z.string(),
});

export type Trunk = z.infer<typeof trunk>;

/** Extension `trunk`. Subports are made by what runs on the servers, never by us. */
export function trunks(endpoint: Endpoint) {
  const all = collection(endpoint, "/trunks", "trunk", trunk);
  return {
    listTrunks: all.list,
    getTrunk: all.get,
    /** A conflict when the port is bound already, or is part of another trunk. */
    createTrunk: (asked: Labels & Pick<Trunk, "port_id">) => all.create({ ...asked }),
    updateTrunk: (id: string, change: Partial<Labels>) => all.update(id, change),
    /** Its subports are ports like any others after that. The parent cannot be deleted before it. */
    deleteTrunk: all.delete,
  };
}
