import type { KubernetesAccess, KubernetesSend } from "../../shared/kubernetes/send.ts";
import type { Send } from "../../shared/openstack/send.ts";
import type { Chance } from "../../shared/ports/clock.ts";
import { boot, type Machine } from "./boot.ts";
import { type Cluster, cluster } from "./cluster.ts";
import { cloudControllers } from "./controllers/cloud.ts";
import { tasks } from "./tasks.ts";

/** The Kubernetes that runs on the servers of an embedded OpenStack. */
export interface KubernetesSandbox {
  /** A server that Nova calls ACTIVE: boots the first time, and later goes on with what is on its disk. `id` is the server's. */
  boot(id: string, machine: Omit<Machine, "runs">): void;
  /** The server is gone or off: its kubelet is silent, and without a control plane its cluster is. */
  stop(id: string): void;
  /** What it has written to its console. */
  console(id: string): readonly string[];
  /** The cluster that answers at this address or name, if any does; of several, the one of this authority. */
  clusterAt(address: string, ca?: string): Cluster | undefined;
  /** As the adapter does over TLS, without sockets. */
  dial(access: KubernetesAccess): KubernetesSend;
  settle(): Promise<void>;
  /** When something next changes by itself; undefined if nothing is under way. For simulations that jump. */
  nextMs(): number | undefined;
}

interface Booted {
  readonly name: string;
  readonly console: string[];
  runs: boolean;
  home?: Cluster;
  controlPlane: boolean;
}

/** More than half of etcd's members, or nobody answers. */
function isUp(home: Cluster, servers: Iterable<Booted>): boolean {
  const members = [...servers].filter((one) => one.home === home && one.controlPlane);
  return members.filter((one) => one.runs).length * 2 > members.length;
}

/** `send` reaches the embedded OpenStack, as its servers do. */
export function createKubernetes(setup: {
  readonly clock: { nowMs(): number };
  readonly chance: Chance;
  readonly send: Send;
  readonly haste?: number;
}): KubernetesSandbox {
  const agenda = tasks(setup.clock);
  const clusters: Cluster[] = [];
  const servers = new Map<string, Booted>();
  /** Networks of two clusters may have the same addresses; otherwise the newest has it. */
  function clusterAt(address: string, ca?: string): Cluster | undefined {
    const there = clusters.filter((one) => !one.isDown && one.setup.sans.includes(address.replace(/^\[|\]$/g, "")));
    return there.findLast((one) => one.setup.authority.certificate.trim() === ca?.trim()) ?? there.at(-1);
  }
  function level(home: Cluster | undefined): void {
    if (home !== undefined) home.isDown = !isUp(home, servers.values());
  }
  function power(id: string, runs: boolean): void {
    const server = servers.get(id);
    if (server === undefined) return;
    server.runs = runs;
    if (runs) server.home?.silent.delete(server.name);
    else server.home?.silent.add(server.name);
    level(server.home);
    server.home?.wake();
  }
  return {
    boot(id, machine) {
      if (servers.has(id)) {
        power(id, true);
        return;
      }
      const server: Booted = { name: machine.name, console: [], runs: true, controlPlane: false };
      servers.set(id, server);
      boot(
        { ...machine, runs: () => server.runs },
        {
          tasks: agenda,
          send: setup.send,
          haste: setup.haste ?? 1,
          clusterAt,
          say: (line) => server.console.push(line),
          start(of) {
            const cloud = cloudControllers(setup.send);
            const made = cluster({ ...of, tasks: agenda, chance: setup.chance, cloud });
            clusters.push(made);
            return made;
          },
          joined(home, _node, controlPlane) {
            Object.assign(server, { home, controlPlane });
            level(home);
          },
        },
      );
    },
    stop: (id) => power(id, false),
    console: (id) => servers.get(id)?.console ?? [],
    clusterAt,
    dial: (access) => async (request) => {
      const found = clusterAt(access.address, access.ca);
      if (found === undefined) throw new Error(`connect ECONNREFUSED ${access.address}:${access.port}`);
      return found.dial(access)(request);
    },
    settle: agenda.settle,
    nextMs: agenda.nextMs,
  };
}
