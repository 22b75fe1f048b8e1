import { listAt, numberAt, textAt } from "../../openstack/json.ts";
import type { Obj } from "../object.ts";
import { type Balancing, found, type Told, targets } from "./balancing.ts";

const LOOK_MS = 1000;

const membersFor = (of: Obj, index: number, { pass, setting }: Balancing) => {
  const subnet = setting("member-subnet-id") ?? setting("subnet-id");
  const protocol_port = numberAt(listAt(of["spec"], "ports")?.[index], "nodePort");
  const place = subnet === undefined ? {} : { subnet_id: subnet };
  return targets(pass).map(({ name, address }) => ({ name, address, protocol_port, ...place }));
};

/** Pools follow the nodes that take traffic. One pool in each pass: Octavia lets nothing else be changed meanwhile. */
export async function followNodes(of: Obj, balancing: Balancing, told: Told): Promise<void> {
  const { pass, cloud } = balancing;
  const key = (index: number) => `${of.metadata.uid}/${index}`;
  const ports = (listAt(of["spec"], "ports") ?? []).map((_, index) => index);
  const stale = ports.filter((index) => told.get(key(index)) !== JSON.stringify(membersFor(of, index, balancing)));
  const [first] = stale;
  if (first === undefined) return;
  const balancer = await found(of, balancing);
  if (textAt(balancer, "provisioning_status") !== "ACTIVE") return pass.again(LOOK_MS);
  const path = `/v2.0/lbaas/pools?loadbalancer_id=${textAt(balancer, "id")}`;
  const pools = listAt((await cloud("load-balancer", "GET", path)).body, "pools") ?? [];
  const pool = pools.find((one) => textAt(one, "name")?.startsWith(`pool_${first}_`));
  const members = membersFor(of, first, balancing);
  const answer = await cloud("load-balancer", "PUT", `/v2.0/lbaas/pools/${textAt(pool, "id")}/members`, { members });
  if (answer.status === 202) told.set(key(first), JSON.stringify(members));
  pass.again(LOOK_MS);
}
