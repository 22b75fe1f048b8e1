import { kubernetesDialer } from "../shared/adapters/kubernetes-dialer.ts";
import type { Chance } from "../shared/ports/clock.ts";
import { createKubernetes, type KubernetesSandbox } from "./kubernetes/index.ts";
import type { Machines, Options } from "./openstack/core.ts";
import { createSandbox, type Sandbox } from "./openstack/index.ts";

/** An embedded OpenStack whose servers boot: what their user-data says is done, and a Kubernetes may come of it. */
export interface Datacenter {
  readonly cloud: Sandbox;
  readonly kubernetes: KubernetesSandbox;
  /** One process's way to its clusters, without sockets: what it keeps ends with it. */
  newDialer(): ReturnType<typeof kubernetesDialer>;
}

export function datacenter(setup: {
  readonly clock: { nowMs(): number };
  readonly chance: Chance;
  readonly options?: Options;
  /** How many times as fast as a real machine they boot. */
  readonly haste?: number;
}): Datacenter {
  const { clock, chance, options, haste = 1 } = setup;
  let inside: KubernetesSandbox | undefined;
  const machines: Machines = {
    on: ({ id, ...machine }) => inside?.boot(id, machine),
    off: (id) => inside?.stop(id),
    console: (id) => inside?.console(id) ?? [],
  };
  const cloud = createSandbox({ clock, chance, options: { ...options, machines } });
  const kubernetes = createKubernetes({ clock, chance, haste, send: cloud.send });
  inside = kubernetes;
  const dial: Parameters<typeof kubernetesDialer>[0]["dial"] = (access) => {
    const send = kubernetes.dial(access);
    const settled: typeof send = async (request) => {
      await kubernetes.settle();
      return send(request);
    };
    return Object.assign(settled, { close: async () => undefined });
  };
  return {
    cloud,
    kubernetes,
    newDialer: () => kubernetesDialer({ nowMs: () => clock.nowMs(), dial }),
  };
}
