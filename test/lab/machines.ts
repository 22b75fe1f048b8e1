import { execFileSync } from "node:child_process";
import { createKubernetes } from "../../sandbox/kubernetes/index.ts";
import { listenFor } from "../../sandbox/kubernetes/listen.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { undiciSend } from "../../shared/adapters/undici-send.ts";
import { endpointOf, type Login, login } from "./inventory.ts";

const TURN_MS = 500;
const API_PORT = 6443;
/** Nova shows user-data to administrators, from then on. */
const NOVA = { "openstack-api-version": "compute 2.90", "x-openstack-nova-api-version": "2.90" };

interface Server {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly "OS-EXT-SRV-ATTR:user_data": string | null;
}

/** What runs on a project's servers. */
export interface Machines {
  stop(): Promise<void>;
}

interface Door {
  readonly of: object;
  stop(): Promise<void>;
}

export async function serversOf(by: Login, project: string): Promise<readonly Server[]> {
  const url = `${endpointOf(by, ["compute"])}/servers/detail?all_tenants=1&project_id=${project}`;
  const answer = await fetch(url, { headers: { "x-auth-token": by.token, ...NOVA } });
  if (!answer.ok) throw new Error(`servers: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { servers: readonly Server[] }).servers;
}

async function addressesOf(by: Login): Promise<readonly string[]> {
  const url = `${endpointOf(by, ["network"])}/v2.0/floatingips?project_id=${by.project}`;
  const answer = await fetch(url, { headers: { "x-auth-token": by.token } });
  const { floatingips } = (await answer.json()) as { floatingips: readonly { floating_ip_address: string }[] };
  return floatingips.map((one) => one.floating_ip_address);
}

/** The floating IP is an address of this machine for a while, as no packet of the lab's would come through. */
const loopback = (verb: "add" | "del", address: string): void => {
  try {
    execFileSync("ip", ["address", verb, `${address}/32`, "dev", "lo"], { stdio: "ignore" });
  } catch {
    // It is there already, or gone.
  }
};

/**
 * The lab's hypervisor starts nothing: this plays the part of the machines. What it does on their behalf it does against the
 * real services, with the user-data that Nova has and with nothing else. Needs root, and an administrator to read user-data.
 */
export async function machinesOf(cloud: string): Promise<Machines> {
  const [operator, tenant] = await Promise.all([login(process.env["OPERATOR_CLOUD"] ?? "admin"), login(cloud)]);
  const clock = systemClock();
  const send = undiciSend();
  const kubernetes = createKubernetes({ clock, chance: systemChance(), haste: 10, send });
  const running = new Set<string>();
  const doors = new Map<string, Door>();
  let stopped = false;

  async function turn(): Promise<void> {
    const servers = await serversOf(operator, tenant.project);
    const active = servers.filter(({ status }) => status === "ACTIVE");
    for (const { id, name, "OS-EXT-SRV-ATTR:user_data": userData } of active)
      if (!running.has(id)) kubernetes.boot(id, { name, userData: userData ?? "" });
    for (const id of running) if (!active.some((one) => one.id === id)) kubernetes.stop(id);
    running.clear();
    for (const { id } of active) running.add(id);
    await kubernetes.settle();
    for (const address of await addressesOf(tenant)) {
      const cluster = kubernetes.clusterAt(address);
      const before = doors.get(address);
      if (cluster === undefined || before?.of === cluster) continue;
      // Neutron gives an address again that an earlier cluster had.
      await before?.stop();
      loopback("add", address);
      doors.set(address, { of: cluster, stop: (await listenFor(cluster, clock, API_PORT, address)).stop });
    }
  }
  const going = (async () => {
    while (!stopped) {
      await turn().catch((error: unknown) => process.stderr.write(`machines: ${String(error)}\n`));
      await clock.wait(TURN_MS);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await going;
      for (const [address, door] of doors) {
        await door.stop();
        loopback("del", address);
      }
      await send.close();
    },
  };
}
