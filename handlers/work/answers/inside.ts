import { kubernetesSession, unlessAway } from "../../../shared/cluster/kubernetes/session.ts";
import { apiHost } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { KubernetesApi } from "../../../shared/kubernetes/api.ts";
import { KubernetesError } from "../../../shared/kubernetes/errors.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import type { Deps } from "../../../shared/ports/deps.ts";

/**
 * What a cluster's own API says. Undefined: it does not answer, or nobody can know yet how to reach it; a question is
 * answered without it then.
 */
export async function inside<T>(
  record: ClusterRecord,
  deps: Deps,
  ask: (api: KubernetesApi) => Promise<T>,
): Promise<T | undefined> {
  const { resolved, spec, status } = record;
  if (resolved === undefined) return undefined;
  const session = kubernetesSession(record.id, apiHost(spec, resolved.zone.name), {
    dialer: deps.kubernetes,
    status: (step) => status.steps[step],
    repair: false,
    startedMs: status.startedMs,
    nowMs: () => deps.clock.nowMs(),
  });
  return unlessAway(
    (async () => {
      const api = await session.api(deps.cloudOf(record.tenant));
      return api === undefined ? undefined : ask(api);
    })(),
  );
}

/**
 * The same where that is but a part of the answer: a Barbican that does not say how to reach the API takes nothing else away,
 * nor does an API that says what nobody can read, as its owner may make it say anything. `unasked`, `unread`: why.
 */
export async function insideOrWhyNot<T>(
  ...asked: Parameters<typeof inside<T>>
): Promise<{ readonly said?: T | undefined; readonly unasked?: OpenStackError; readonly unread?: KubernetesError }> {
  try {
    return { said: await inside(...asked) };
  } catch (error) {
    if (error instanceof OpenStackError) return { unasked: error };
    if (error instanceof KubernetesError) return { unread: error };
    throw error;
  }
}

export const insideIfToBeHad: typeof inside = async (...asked) => (await insideOrWhyNot(...asked)).said;
