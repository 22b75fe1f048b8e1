import { isTrouble } from "../../shared/openstack/errors.ts";
import { labCloud } from "./lab.ts";

const POLL_MS = 50;
const LOOKS_MAX = 3000;
const { cloud, clock, newId } = labCloud();
const { compute, dns, image, keyManager, loadBalancer, network, sharedFileSystem: shares } = cloud;
/** By what took it: the durations in ms. */
export const seen = new Map<string, number[]>();

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if (await look()) return;
    await clock.wait(POLL_MS);
  }
  throw new Error(`${what}: waited too long`);
}

async function timed(what: string, look: () => Promise<boolean>): Promise<void> {
  const fromMs = clock.nowMs();
  await until(what, look);
  seen.set(what, [...(seen.get(what) ?? []), clock.nowMs() - fromMs]);
}

/** Does what is refused while something is under way as soon as it is not refused any more. */
async function settled<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isTrouble(error, "conflict")) throw error;
      await clock.wait(POLL_MS);
    }
  }
}

const labels = () => ({ name: `timing-${newId()}`, description: "" });

async function withSubnet(use: (place: { readonly network_id: string; readonly id: string }) => Promise<void>) {
  const { id: network_id } = await network.createNetwork(labels());
  const { id } = await network.createSubnet({ ...labels(), network_id, cidr: "10.61.0.0/24", dns_nameservers: [] });
  try {
    await use({ network_id, id });
  } finally {
    await settled(() => network.deleteNetwork(network_id));
  }
}

const server = () =>
  withSubnet(async (place) => {
    const [[flavor], picture] = [await compute.listFlavors(), await image.findImage("ubuntu-24.04-kube")];
    const group = await compute.createServerGroup({ name: labels().name, policy: "soft-anti-affinity" });
    const fixed_ips = [{ subnet_id: place.id }];
    const port = await network.createPort({
      ...labels(),
      network_id: place.network_id,
      fixed_ips,
      security_groups: [],
    });
    const { id } = await compute.createServer(
      {
        name: labels().name,
        flavorRef: flavor?.id ?? "",
        imageRef: picture?.id ?? "",
        networks: [{ port: port.id }],
        metadata: {},
        tags: [],
        config_drive: false,
        user_data: "",
      },
      group.id,
    );
    const task = async () => (await compute.getServer(id))?.["OS-EXT-STS:task_state"];
    await timed("serverScheduled", async () => (await task()) !== "scheduling");
    await timed("serverBuilt", async () => (await compute.getServer(id))?.status === "ACTIVE");
    await timed("portWired", async () => (await network.getPort(port.id))?.status === "ACTIVE");
    await compute.deleteServer(id);
    await timed("serverRemoved", async () => ((await compute.getServer(id))?.status ?? "DELETED") === "DELETED");
    await timed("serverForgotten", async () => (await compute.getServer(id)) === undefined);
    await compute.deleteServerGroup(group.id);
    await network.deletePort(port.id);
  });

const balancer = (provider: "ovn" | "amphora") => () =>
  withSubnet(async ({ id: vip_subnet_id }) => {
    const { id } = await loadBalancer.createLoadBalancer({ ...labels(), tags: [], vip_subnet_id, provider });
    const active = async () => (await loadBalancer.getLoadBalancer(id))?.provisioning_status === "ACTIVE";
    await timed(`${provider}.create`, active);
    const listening = { name: "a", protocol: "TCP", protocol_port: 80, loadbalancer_id: id } as const;
    const listener = await settled(() => loadBalancer.createListener(listening));
    await timed(`${provider}.change`, active);
    const lb_algorithm = provider === "ovn" ? "SOURCE_IP_PORT" : "ROUND_ROBIN";
    const pooled = { name: "a", protocol: "TCP", lb_algorithm, listener_id: listener.id } as const;
    const pool = await settled(() => loadBalancer.createPool(pooled));
    await timed(`${provider}.change`, active);
    const probe = { name: "a", type: "TCP", delay: 5, timeout: 3, max_retries: 2, max_retries_down: 2 } as const;
    const monitor = await settled(() => loadBalancer.createMonitor({ ...probe, pool_id: pool.id }));
    await timed(`${provider}.wiring`, active);
    const joining = { name: "a", address: "10.61.0.200", protocol_port: 80, subnet_id: vip_subnet_id };
    const member = await settled(() => loadBalancer.createMember(pool.id, joining));
    await timed(`${provider}.joining`, active);
    await settled(() => loadBalancer.deleteMember(pool.id, member.id));
    await timed(`${provider}.wiring`, active);
    await settled(() => loadBalancer.deleteMonitor(monitor.id));
    await timed(`${provider}.wiring`, active);
    await settled(() => loadBalancer.deletePool(pool.id));
    await timed(`${provider}.change`, active);
    await settled(() => loadBalancer.deleteLoadBalancer(id));
    await timed(`${provider}.remove`, async () => (await loadBalancer.getLoadBalancer(id)) === undefined);
  });

async function recordset(): Promise<void> {
  const [zone] = await dns.listZones();
  if (zone === undefined) throw new Error("this project has no DNS zone");
  const fields = { records: ["203.0.113.9"], ttl: 60, description: "" };
  const { id } = await dns.createRecordset(zone.id, { ...fields, name: `${labels().name}.${zone.name}`, type: "A" });
  const active = async () => (await dns.getRecordset(zone.id, id))?.status === "ACTIVE";
  await timed("recordsetWritten", active);
  await dns.updateRecordset(zone.id, id, { records: ["203.0.113.10"] });
  await timed("recordsetWritten", active);
  await dns.deleteRecordset(zone.id, id);
}

async function order(): Promise<void> {
  const ref = await keyManager.createKeyOrder(labels().name);
  await timed("orderMade", async () => (await keyManager.getOrder(ref))?.status === "ACTIVE");
  const key = (await keyManager.getOrder(ref))?.secret_ref;
  await keyManager.deleteOrder(ref);
  if (typeof key === "string") await keyManager.deleteSecret(key);
}

const available = (id: string) => async () => (await shares.getShare(id))?.status === "available";
const absent = (id: string) => async () => (await shares.getShare(id)) === undefined;
const wanted = (share_type: string) => ({ name: labels().name, size: 1, share_proto: "NFS", share_type, metadata: {} });

async function share(): Promise<void> {
  const { id } = await shares.createShare(wanted("rwx"));
  await timed("shareCreated", available(id));
  const to = { access_type: "ip", access_to: "10.61.0.0/24", access_level: "rw", metadata: {} };
  const rule = await shares.createAccessRule(id, to);
  const state = async () => (await shares.getAccessRule(rule.id))?.state;
  await timed("accessQueued", async () => (await state()) !== "queued_to_apply");
  await timed("accessApplied", async () => (await state()) === "active");
  await shares.deleteAccessRule(id, rule.id);
  await timed("accessQueued", async () => (await state()) !== "queued_to_deny");
  await timed("accessApplied", async () => (await state()) === undefined);
  await shares.extendShare(id, 2);
  await timed("shareResized", available(id));
  await shares.deleteShare(id);
  await timed("shareDeleted", absent(id));
}

const serverShare = () =>
  withSubnet(async (place) => {
    const at = { neutron_net_id: place.network_id, neutron_subnet_id: place.id };
    const { id: share_network_id } = await shares.createShareNetwork({ ...labels(), ...at });
    const { id } = await shares.createShare({ ...wanted("rwx-dhss"), share_network_id });
    await timed("serverShareCreated", available(id));
    await shares.deleteShare(id);
    await until("share", absent(id));
    await settled(() => shares.deleteShareNetwork(share_network_id));
    const ports = async () => await network.listPorts({ network_id: place.network_id, device_owner: "manila:share" });
    await timed("shareServerTornDown", async () => (await ports()).length === 0);
  });

const addresses = () =>
  withSubnet(async (place) => {
    const [external] = await network.listNetworks({ "router:external": true });
    const external_gateway_info = { network_id: external?.id ?? "" };
    const router = await network.createRouter({ ...labels(), external_gateway_info });
    const { port_id } = await network.addRouterInterface(router.id, place.id);
    await timed("interfaceWired", async () => (await network.getPort(port_id))?.status === "ACTIVE");
    const fixed_ips = [{ subnet_id: place.id }];
    const port = await network.createPort({
      ...labels(),
      network_id: place.network_id,
      fixed_ips,
      security_groups: [],
    });
    const floating_network_id = external_gateway_info.network_id;
    const { id } = await network.createFloatingIp({ description: "", floating_network_id });
    await network.updateFloatingIp(id, { port_id: port.id });
    await timed("floatingIpAssociated", async () => (await network.getFloatingIp(id))?.status === "ACTIVE");
    await network.deleteFloatingIp(id);
    await network.deletePort(port.id);
    await network.removeRouterInterface(router.id, port_id);
    await network.deleteRouter(router.id);
  });

/** What is timed, a round of each. */
export const rounds: Readonly<Record<string, () => Promise<void>>> = {
  server,
  ovn: balancer("ovn"),
  amphora: balancer("amphora"),
  recordset,
  order,
  share,
  serverShare,
  addresses,
};
