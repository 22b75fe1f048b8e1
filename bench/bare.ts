import type { Rule } from "../shared/resources/security-group.ts";
import { controlPlaneRules, workerRules } from "../shared/resources/security-rules.ts";
import type { Plain, Row } from "./cloud.ts";
import type { Ground } from "./ground.ts";

export type Ids = Readonly<Record<string, string>>;

/** One resource: what it needs, the call that makes it, and the looks that tell that it is there or gone. */
export interface Item {
  readonly step: string;
  readonly needs: readonly string[];
  /** Resolves with the id. */
  make(ids: Ids): Promise<string>;
  ready?(id: string): Promise<boolean>;
  /** What is done once these are ready as well. */
  readonly finish?: { readonly needs: readonly string[]; run(ids: Ids): Promise<unknown> };
  drop(ids: Ids): Promise<unknown>;
  gone?(id: string): Promise<boolean>;
}

export const NETWORK = ["network"];
const COMPUTE = ["compute"];

export const part = (row: Row | undefined, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Row | undefined)?.[key], row);
export const idIn = (row: Row | undefined, ...path: readonly string[]): string =>
  String(part(row, ...path))
    .split("/")
    .at(-1) ?? "";

export const TRAFFIC = { nodeCidr: "10.20.0.0/24", podCidr: "10.244.0.0/16", cni: "calico", provider: "ovn" } as const;
export const RULES = { "control-plane": controlPlaneRules(TRAFFIC), worker: workerRules(TRAFFIC) } as const;
export const NODES = ["control-plane-1", "worker-1", "worker-2"] as const;
export const roleOf = (node: string): keyof typeof RULES => (node.startsWith("worker") ? "worker" : "control-plane");

const ruleBody = (group: string, rule: Rule) => ({
  direction: "ingress",
  ethertype: "IPv4",
  security_group_id: group,
  protocol: rule.protocol,
  port_range_min: rule.portMin ?? null,
  port_range_max: rule.portMax ?? null,
  remote_ip_prefix: rule.remote === "self" ? null : rule.remote,
  remote_group_id: rule.remote === "self" ? group : null,
});

/** Whatever Neutron makes and drops with one call each, and is there with its answer. */
export function neutron(cloud: Plain, name: string) {
  return (step: string, kind: string, needs: readonly string[], fields: (ids: Ids) => object): Item => ({
    step,
    needs,
    make: async (ids) => {
      const body = { [kind]: { ...(kind === "floatingip" ? {} : { name: `${name}-${step}` }), ...fields(ids) } };
      return idIn(await cloud.ask(NETWORK, "POST", `/v2.0/${kind.replace("_", "-")}s`, body), kind, "id");
    },
    drop: (ids) => cloud.ask(NETWORK, "DELETE", `/v2.0/${kind.replace("_", "-")}s/${ids[step]}`),
  });
}

export function networking(cloud: Plain, name: string, ground: Ground): readonly Item[] {
  const item = neutron(cloud, name);
  const join = (ids: Ids, how: string) =>
    cloud.ask(NETWORK, "PUT", `/v2.0/routers/${ids["router"]}/${how}_router_interface`, { subnet_id: ids["subnet"] });
  const router = item("router", "router", [], () => ({ external_gateway_info: { network_id: ground.external } }));
  const groups = (["control-plane", "worker"] as const).map((role): Item => {
    const group = item(`group-${role}`, "security_group", [], () => ({}));
    return {
      ...group,
      async make(ids) {
        const id = await group.make(ids);
        const rules = { security_group_rules: RULES[role].map((rule) => ruleBody(id, rule)) };
        await cloud.ask(NETWORK, "POST", "/v2.0/security-group-rules", rules);
        return id;
      },
    };
  });
  return [
    item("network", "network", [], () => ({})),
    item("subnet", "subnet", ["network"], (ids) => ({
      network_id: ids["network"],
      ip_version: 4,
      cidr: TRAFFIC.nodeCidr,
    })),
    {
      ...router,
      finish: { needs: ["subnet"], run: (ids) => join(ids, "add") },
      async drop(ids) {
        await join(ids, "remove");
        await router.drop(ids);
      },
    },
    ...groups,
    ...NODES.map((node) =>
      item(`port-${node}`, "port", ["network", "subnet", `group-${roleOf(node)}`], (ids) => ({
        network_id: ids["network"],
        security_groups: [ids[`group-${roleOf(node)}`]],
      })),
    ),
  ];
}

export function machines(cloud: Plain, name: string, ground: Ground): readonly Item[] {
  const groups = (["control-plane", "worker"] as const).map((role): Item => {
    const body = { server_group: { name: `${name}-${role}`, policy: "soft-anti-affinity" } };
    return {
      step: `servers-${role}`,
      needs: [],
      make: async () => idIn(await cloud.ask(COMPUTE, "POST", "/os-server-groups", body), "server_group", "id"),
      drop: (ids) => cloud.ask(COMPUTE, "DELETE", `/os-server-groups/${ids[`servers-${role}`]}`),
    };
  });
  const servers = NODES.map((node): Item => {
    const role = roleOf(node);
    const look = (id: string) => cloud.ask(COMPUTE, "GET", `/servers/${id}`);
    return {
      step: `server-${node}`,
      needs: [`port-${node}`, "router", `servers-${role}`],
      async make(ids) {
        const server = {
          name: `${name}-${node}`,
          flavorRef: role === "worker" ? ground.worker : ground.controlPlane,
          imageRef: ground.image,
          networks: [{ port: ids[`port-${node}`] }],
          config_drive: true,
          user_data: Buffer.from(`#cloud-config\nhostname: ${name}-${node}\n`).toString("base64"),
        };
        const body = { server, "os:scheduler_hints": { group: ids[`servers-${role}`] } };
        return idIn(await cloud.ask(COMPUTE, "POST", "/servers", body), "server", "id");
      },
      ready: async (id) => part(await look(id), "server", "status") === "ACTIVE",
      drop: (ids) => cloud.ask(COMPUTE, "DELETE", `/servers/${ids[`server-${node}`]}`),
      gone: async (id) => (await look(id)) === undefined,
    };
  });
  return [...groups, ...servers];
}
