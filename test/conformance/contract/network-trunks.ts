import { NOBODY, place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const hidden = { show: () => 0 };
const vlan = (port_id: string | undefined, segmentation_id: unknown) => ({
  port_id,
  segmentation_type: "vlan",
  segmentation_id,
});

/** A trunk with ports beside its parent that may become its subports. */
async function trunkAt(at: At, free: number) {
  const ask = at("network");
  const { network_id } = await place(at);
  const ports: string[] = [];
  for (let made = 0; made <= free; made += 1)
    ports.push((await ask("POST /ports", { port: { network_id, name: `${at.run}-${made}` } }, hidden)).id);
  const [parent = "", ...others] = ports;
  const { id } = await ask("POST /trunks", { trunk: { port_id: parent, name: at.run, description: "one" } });
  const change = (verb: "add" | "remove", sub_ports: unknown, how = {}) =>
    ask(`PUT /trunks/${id}/${verb}_subports`, { sub_ports }, how);
  return { ask, id, parent, others, change, network_id };
}

/** Until it is in the state that Neutron gives it a moment after each change. */
const settled = { until: (answer: { body: unknown }) => JSON.stringify(answer.body).includes("ACTIVE"), show: () => 0 };

export const trunkCases: Cases = {
  "a trunk's life": async (at) => {
    const { ask, id, parent } = await trunkAt(at, 0);
    await ask("POST /trunks", { trunk: { port_id: parent } });
    await ask(`GET /trunks/${id}`);
    await ask(`GET /trunks?name=${at.run}&description=one`);
    await ask("GET /trunks?description=nobody-has-this");
    await ask(`GET /ports/${parent}`);
    await ask(`DELETE /ports/${parent}`);
    await ask(`PUT /trunks/${id}`, { trunk: { name: `${at.run}-2`, description: "two" } });
    await ask(`PUT /trunks/${id}`, { trunk: { port_id: NOBODY } });
    await ask(`DELETE /trunks/${id}`);
    await ask(`GET /trunks/${id}`);
    await ask(`PUT /trunks/${id}`, { trunk: { name: "x" } });
    await ask(`DELETE /trunks/${id}`);
    await ask(`GET /trunks/${NOBODY}`);
  },
  "what a trunk is not made from": async (at) => {
    const { ask, id, parent, others } = await trunkAt(at, 1);
    const [port_id] = others;
    await ask("POST /trunks", { trunk: {} });
    await ask("POST /trunks", { trunk: { port_id: "x" } });
    await ask("POST /trunks", { trunk: { port_id: NOBODY } });
    await ask("POST /trunks", { trunk: { port_id, strange: 1 } });
    await ask("POST /trunks", { trunk: { port_id, sub_ports: "x" } });
    await ask("POST /trunks", { trunk: { port_id, sub_ports: [vlan(NOBODY, 1)] } });
    await ask("POST /trunks", { trunk: { port_id, sub_ports: [vlan(parent, 1)] } });
    await ask("GET /trunks?status=DOWN");
    await ask("GET /trunks?sub_ports=x");
    await ask(`PUT /trunks/${id}`, { trunk: { sub_ports: [] } });
  },
  "subports come and go": async (at) => {
    const { ask, id, parent, others, change } = await trunkAt(at, 2);
    const [a, b] = others;
    await change("add", [vlan(a, 5), vlan(b, 6)]);
    await ask(`GET /trunks/${id}`, undefined, settled);
    await ask(`GET /trunks/${id}/get_subports`);
    await ask(`GET /ports/${a}`);
    await ask(`GET /ports/${parent}`);
    await ask(`DELETE /ports/${a}`);
    await ask("POST /trunks", { trunk: { port_id: a } });
    await change("add", [vlan(a, 7)]);
    await change("remove", [{ port_id: a }]);
    await ask(`GET /trunks/${id}`, undefined, settled);
    await ask(`GET /ports/${a}`);
    await change("add", [vlan(a, 6)]);
    await change("remove", [{ port_id: b }, { port_id: NOBODY }]);
    await change("remove", [{ port_id: a }]);
    await ask(`PUT /trunks/${id}`, { trunk: { admin_state_up: false } }, hidden);
    await change("add", [vlan(a, 5)]);
    await change("remove", [{ port_id: b }]);
    await ask(`DELETE /trunks/${id}`);
    await ask(`PUT /trunks/${id}`, { trunk: { admin_state_up: true } }, hidden);
    await ask(`DELETE /trunks/${id}`);
    await ask(`GET /ports/${b}`);
    await ask(`GET /trunks/${id}/get_subports`);
  },
  "subports that are refused": async (at) => {
    const { ask, id, parent, others, change } = await trunkAt(at, 2);
    const [a = "", b = ""] = others;
    await ask(`PUT /trunks/${id}/add_subports`, {});
    await change("add", "x");
    await change("add", [{}]);
    await change("add", [{ port_id: a }]);
    await change("add", [{ port_id: a, segmentation_type: "vlan" }]);
    await change("add", [{ port_id: a, segmentation_id: 5 }]);
    await change("add", [{ ...vlan(a, 5), segmentation_type: "gre" }]);
    await change("add", [{ ...vlan(a, 5), segmentation_type: "inherit" }]);
    for (const wrong of [0, 4095, "x"]) await change("add", [vlan(a, wrong)]);
    await change("add", [vlan(a, 5), vlan(b, 5)]);
    await change("add", [vlan(a, 5), vlan(a, 6)]);
    await change("add", [vlan(a, 5), vlan(NOBODY, 6)]);
    await change("add", [vlan(parent, 5)]);
    await ask(`PUT /trunks/${NOBODY}/add_subports`, { sub_ports: [vlan(a, 5)] });
    await change("remove", [{}]);
    await change("remove", [{ port_id: a }]);
    await ask(`GET /trunks/${id}/get_subports`);
  },
  "tags of a port": async (at) => {
    const { ask, parent: port, network_id } = await trunkAt(at, 0);
    await ask(`PUT /ports/${port}/tags`, { tags: [at.run] });
    await ask(`GET /ports?tags=${at.run}`);
    await ask(`PUT /ports/${port}/tags/two`);
    await ask(`GET /ports/${port}/tags`);
    await ask(`GET /ports/${port}/tags/two`);
    await ask(`GET /ports?tags=${at.run},two&fields=name`);
    await ask(`GET /ports?tags=${at.run},three&fields=name`);
    await ask(`DELETE /ports/${port}/tags/two`);
    await ask(`DELETE /ports/${port}/tags/two`);
    await ask(`GET /ports/${port}/tags/two`);
    await ask(`PUT /ports/${port}/tags`, {});
    await ask(`PUT /ports/${port}/tags`, { tags: "x" });
    await ask(`DELETE /ports/${port}/tags`);
    await ask(`GET /ports/${port}/tags`);
    await ask(`PUT /ports/${NOBODY}/tags`, { tags: ["x"] });
    await ask("POST /ports", { port: { network_id, name: `${at.run}-b`, tags: ["two"] } });
  },
};
