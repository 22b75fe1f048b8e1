import { approveServing } from "../../../shared/cluster/kubernetes/approve-serving.ts";
import { stateOf } from "../../../shared/cluster/kubernetes/node-step.ts";
import { kubernetesSession } from "../../../shared/cluster/kubernetes/session.ts";
import { apiHost } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { KubernetesApi } from "../../../shared/kubernetes/api.ts";
import { KubernetesError } from "../../../shared/kubernetes/errors.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { nameOf } from "../../../shared/resources/kind.ts";
import { kindOf } from "../../views/words.ts";
import { TooSlow, within } from "../../within.ts";
import { isWorthAsking } from "./endings.ts";
import type { Inside } from "./judge.ts";

/** A working API server answers in a fraction of it; a dead one must not hold up the others. */
const ANSWER_MS_MAX = 5000;

/**
 * Its nodes as Kubernetes sees them: one listing. Serving certificates that the kubelets of its servers wait for are approved
 * on the way. Undefined: nobody knows how to ask yet, or the cloud did not say how.
 */
export async function askInside(deps: Deps, record: ClusterRecord): Promise<Inside | undefined> {
  const { id, spec, resolved, status } = record;
  const members = Object.keys(status.steps).flatMap((step) =>
    kindOf(step) === "kubernetes-node" ? (step.split("/")[1] ?? []) : [],
  );
  if (resolved === undefined || members.length === 0) return undefined;
  const session = kubernetesSession(id, apiHost(spec, resolved.zone.name), {
    dialer: deps.kubernetes,
    status: (step) => status.steps[step],
    repair: false,
    startedMs: status.startedMs,
    nowMs: () => deps.clock.nowMs(),
  });
  const servers = members.map((member) => {
    const { id: serverId = "" } = status.steps[`server/${member}`] ?? {};
    const address = status.steps[`port/${member}`]?.facts["address"] ?? "";
    const node = nameOf({ cluster: id, name: spec.name, step: `server/${member}` });
    return { member, node, serverId, address };
  });
  try {
    return await within(deps.clock, ANSWER_MS_MAX, told());
  } catch (error) {
    // What Barbican did not say is the cloud's trouble, and told with it.
    if (error instanceof OpenStackError) return undefined;
    if (error instanceof KubernetesError || error instanceof TooSlow) return { is: "silent" };
    throw error;
  }

  async function told(): Promise<Inside | undefined> {
    const api = await session.api(deps.cloudOf(record.tenant));
    if (api === undefined) return undefined;
    const looks = isWorthAsking(record, deps.clock.nowMs());
    const [nodes, certificateEndMs] = await Promise.all([
      api.listNodes(),
      looks ? api.certificateEndMs() : undefined,
      approved(api),
    ]);
    const states = servers.flatMap(({ member, node, serverId }) => {
      const found = nodes.find(({ metadata }) => metadata.name === node);
      return found === undefined ? [] : [[`kubernetes-node/${member}`, stateOf(found, serverId)] as const];
    });
    const shown = certificateEndMs === undefined ? {} : { certificateEndMs };
    return { is: "told", states: new Map(states), ...shown };
  }

  /** Whoever may not approve has said so in the API's own log; the nodes are looked at all the same. */
  async function approved(api: KubernetesApi): Promise<void> {
    await approveServing(api, servers).catch((error: unknown) => {
      if (!(error instanceof KubernetesError)) throw error;
      deps.log.warn("health.approve", { cluster: id, error: error.message });
    });
  }
}
