import type { Cloud } from "../openstack/cloud.ts";
import { type Server, USER_DATA_MAX } from "../openstack/compute.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { type Kind, markOf, nameOf, type Owner, type Seen } from "./kind.ts";

export interface ServerSpec {
  readonly portId: string;
  readonly flavorId: string;
  readonly imageId: string;
  readonly serverGroupId: string;
  /** As cloud-init reads it, not encoded. Called once, when the server is made. */
  readonly userData: (cloud: Cloud) => string | Buffer | Promise<string | Buffer>;
}

type Cluster = Pick<Owner, "cluster" | "name">;

const LEAVING = new Set(["DELETED", "SOFT_DELETED"]);
const LEAVING_TASKS = ["deleting", "soft-deleting"];

/** What takes it away: its own status stays as it was meanwhile. */
const leavingTask = ({ "OS-EXT-STS:task_state": task }: Server): string | undefined =>
  LEAVING_TASKS.find((one) => one === task);

function statusOf(item: Server): Seen["status"] {
  if (LEAVING.has(item.status) || leavingTask(item) !== undefined) return "leaving";
  if (item.status === "ERROR") return "failed";
  // One that was stopped (SHUTOFF, PAUSED) is no use to a cluster, so people are shown what it waits for.
  return item.status === "ACTIVE" ? "ready" : "pending";
}

/** `facts`: `flavor`; `address` and `hostId` once it is placed. */
function seen(item: Server): Seen {
  const fixed = Object.values(item.addresses)
    .flat()
    .find((one) => one["OS-EXT-IPS:type"] !== "floating");
  return {
    id: item.id,
    name: item.name,
    status: statusOf(item),
    state: leavingTask(item) ?? item.status,
    ...(item.status === "ERROR" ? { fault: item.fault?.message ?? "Nova gives no reason" } : {}),
    facts: {
      flavor: item.flavor.original_name,
      ...(fixed === undefined ? {} : { address: fixed.addr }),
      ...(item.hostId === "" ? {} : { hostId: item.hostId }),
    },
  };
}

const own = (item: Server, cluster: Cluster, projectId: string): boolean =>
  item.metadata["kinvirt"] === cluster.cluster && item.tags.includes(markOf(cluster)) && item.tenant_id === projectId;

/** Base64. Checked here because Nova's own words for it repeat the user data. */
function encoded(userData: string | Buffer): string {
  const text = Buffer.from(userData).toString("base64");
  if (text.length <= USER_DATA_MAX) return text;
  const fault = `the user data has ${text.length} characters in base64, and Nova takes ${USER_DATA_MAX}`;
  throw new OpenStackError({ service: "compute", method: "POST", path: "/servers", fault, trouble: "invalid" });
}

/** A node's virtual machine, on a port of its own that outlives it. */
export const server: Kind<ServerSpec> = {
  kind: "server",
  // Neutron lets go of a port whatever it is bound to, and Nova finds it gone.
  releases: ["port", "router", "security-group", "server-group"],
  // A message to a host may die with RabbitMQ. A second DELETE is done by Nova itself where that host's service is down by
  // then, and ignored where it is up (nova/compute/api.py).
  interruptible: { making: "BUILD" },
  async find(cloud, cluster) {
    const { projectId } = await cloud.scope();
    const items = await cloud.compute.listServers({ tags: markOf(cluster) });
    return items.filter((item) => own(item, cluster, projectId)).map(seen);
  },
  async get(cloud, cluster, id) {
    const { projectId } = await cloud.scope();
    const item = await cloud.compute.getServer(id);
    return item !== undefined && own(item, cluster, projectId) ? seen(item) : undefined;
  },
  async create(cloud, owner, spec) {
    const name = nameOf(owner);
    const asked = {
      name,
      flavorRef: spec.flavorId,
      imageRef: spec.imageId,
      networks: [{ port: spec.portId }],
      metadata: { kinvirt: owner.cluster, "kinvirt-step": owner.step },
      tags: [markOf(owner)],
      config_drive: true,
      user_data: encoded(await spec.userData(cloud)),
    };
    const { id } = await cloud.compute.createServer(asked, spec.serverGroupId);
    return { id, name, status: "pending", state: "BUILD", facts: {} };
  },
  // Flavor, image and user data are read at the first boot: another one means another server, which is the graph's business.
  update: async (_cloud, _owner, _spec, now) => now,
  remove: (cloud, now) => cloud.compute.deleteServer(now.id),
};
