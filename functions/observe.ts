import type { KubernetesDialer, KubernetesSend } from "../shared/kubernetes/send.ts";
import type { Exchanged } from "../shared/openstack/send.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Log } from "../shared/ports/log.ts";
import type { Queue } from "../shared/ports/queue.ts";
import type { Tracing } from "../shared/ports/tracing.ts";

const NO_ANSWER = "no_answer";

/** `/servers/5f1c…/action` -> `/servers/{id}/action`: what is not a word of the API's own is what somebody's is called. */
const openstackTemplate = (path: string): string =>
  path
    .split("/")
    .map((part) => (/^([a-z_-]*|v\d+(\.\d+)?)$/.test(part) ? part : "{id}"))
    .join("/");

/** `/api/v1/namespaces/shop/pods/web-1/log?x=1` -> `/api/v1/namespaces/{namespace}/pods/{name}/log`. */
function kubernetesTemplate(path: string): string {
  const [, root, rest = ""] = /^((?:\/api\/[^/?]+|\/apis\/[^/?]+\/[^/?]+)?)([^?]*)/.exec(path) ?? [];
  if (root === undefined || root === "") return rest;
  const parts = rest.split("/").slice(1);
  const scope = parts[0] === "namespaces" && parts.length > 2 ? ["namespaces", "{namespace}"] : [];
  const [kind = "", name, ...below] = parts.slice(scope.length);
  return [root, ...scope, kind, ...(name === undefined ? [] : ["{name}"]), ...below].join("/");
}

/** A span of an HTTP client. Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span */
const httpFacts = (method: string, template: string, status: number | undefined) => ({
  "http.request.method": method,
  "url.template": template,
  ...(status === undefined ? {} : { "http.response.status_code": status }),
});

/** Each exchange with a cloud: a figure, a span, and a line with the service's own id of the request where it failed. */
export const openstackCalls =
  (log: Log, metrics: Deps["metrics"], tracing?: Tracing) =>
  (tenant: string, exchanged: Exchanged): void => {
    const { failed, ...call } = exchanged;
    const { service, method, path, status, seconds, requestId, why } = call;
    const statusClass = status === undefined ? "none" : `${Math.floor(status / 100)}xx`;
    metrics?.observe("kinvirt_openstack_call_seconds", { service, method, status: statusClass }, seconds);
    const template = openstackTemplate(path);
    tracing?.call({
      name: `${method} ${template}`,
      seconds,
      facts: {
        ...httpFacts(method, template, status),
        "openstack.service": service,
        "kinvirt.tenant": tenant,
        ...(requestId === undefined ? {} : { "openstack.request_id": requestId }),
        ...(why === undefined ? {} : { "error.message": why }),
      },
      error: failed ? String(status ?? NO_ANSWER) : undefined,
    });
    if (failed) log.warn("openstack.failed", { tenant, ...call });
  };

/** A span for each call of a cluster's API. */
function tracedKubernetes(dialer: KubernetesDialer, tracing: Tracing, nowMs: () => number): KubernetesDialer {
  const through =
    (send: KubernetesSend): KubernetesSend =>
    async (request) => {
      const begunMs = nowMs();
      const tell = (status: number | undefined): void => {
        const template = kubernetesTemplate(request.path);
        const { method } = request;
        const facts = { ...httpFacts(method, template, status), "kinvirt.api": "kubernetes" };
        // As with a cloud: that what was looked for is not there is no failure.
        const error =
          status === undefined || (status >= 400 && status !== 404) ? String(status ?? NO_ANSWER) : undefined;
        tracing.call({ name: `${method} ${template}`, seconds: Math.max(0, nowMs() - begunMs) / 1000, facts, error });
      };
      try {
        const response = await send(request);
        tell(response.status);
        return response;
      } catch (error) {
        tell(undefined);
        throw error;
      }
    };
  return { ...dialer, connect: async (key, access) => through(await dialer.connect(key, access)) };
}

/** What is sent says what sends it. */
const tracedQueue = (queue: Queue, tracing: Tracing): Queue => ({
  enqueue: (message, afterSeconds) => queue.enqueue(message, afterSeconds, tracing.traceparent()),
  close: () => queue.close(),
});

/** The same ends of what is outside; what is asked of them is traced. */
export function tracedEnds(
  { queue, kubernetes, clock }: Pick<Deps, "queue" | "kubernetes" | "clock">,
  { tracing }: Pick<Deps, "tracing">,
): Pick<Deps, "queue" | "kubernetes"> {
  if (tracing === undefined) return { queue, kubernetes };
  return { queue: tracedQueue(queue, tracing), kubernetes: tracedKubernetes(kubernetes, tracing, () => clock.nowMs()) };
}
