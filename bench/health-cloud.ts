import type { KubernetesAccess, KubernetesSend } from "../shared/kubernetes/send.ts";
import type { CloudSettings } from "../shared/openstack/clouds.ts";
import type { HttpResponse, Send } from "../shared/openstack/send.ts";

/** What one cluster's look was answered, as `health-fill.ts` wrote it down. */
export interface Recorded {
  readonly settings: CloudSettings;
  readonly nowMs: number;
  readonly cluster: string;
  /** Ids of the cluster's own things; all others (projects, zones, flavors) are everybody's. */
  readonly known: readonly string[];
  /** By method and URL. */
  readonly answers: Readonly<Record<string, HttpResponse>>;
}

const AT_DIGITS = 6;
export const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;

const numbered = (at: number): string => String(at).padStart(AT_DIGITS, "0");

/** Any text of the recorded cluster as that of another, under a name and ids of its own. */
export const othersText =
  ({ cluster, known }: Pick<Recorded, "cluster" | "known">) =>
  (text: string, at: number): string => {
    const own = new Set(known);
    return text
      .replace(IDS, (id) => (own.has(id) ? id.slice(0, -AT_DIGITS) + numbered(at) : id))
      .replaceAll(cluster, cluster.slice(0, -AT_DIGITS) + numbered(at))
      .replaceAll(".dev.k8s.", `.c${at}.k8s.`);
  };

/** Each listing has the cluster's things once for each of `count`; what is asked of one of those is asked of the first. */
export function manyOf(recorded: Recorded, count: number): { readonly send: Send; calls(): number } {
  const { answers, cluster, known } = recorded;
  const as = othersText(recorded);
  const ours = new Map(known.map((id) => [id.slice(0, -AT_DIGITS), id]));
  const first = (text: string): string => text.replace(IDS, (id) => ours.get(id.slice(0, -AT_DIGITS)) ?? id);
  // The cloud stands still, and what is measured is not how it is made up.
  const expanded = new Map<string, HttpResponse>();
  let calls = 0;

  function expand(answer: HttpResponse): HttpResponse {
    const parsed = JSON.parse(answer.body) as Record<string, unknown>;
    const [key, items] = Object.entries(parsed).find(([, value]) => Array.isArray(value)) ?? [];
    if (key === undefined || !Array.isArray(items)) return answer;
    const texts = items.map((item) => JSON.stringify(item));
    const own = texts.filter((text) => as(text, 0) !== text);
    const rest = texts.filter((text) => !own.includes(text));
    const all = Array.from({ length: count }, (_, at) => own.map((text) => as(text, at))).flat();
    const body = JSON.stringify({ ...parsed, [key]: "HERE" }).replace(
      '"HERE"',
      () => `[${[...rest, ...all].join(",")}]`,
    );
    return { ...answer, body };
  }

  /** Manila's client counts pages itself; others follow links, and get all at once. */
  function cut(answer: HttpResponse, limit: number, offset: number): HttpResponse {
    if (limit === Infinity) return answer;
    const [[key, items] = ["", []]] = Object.entries(JSON.parse(answer.body) as Record<string, readonly unknown[]>);
    return { ...answer, body: JSON.stringify({ [key]: items.slice(offset, offset + limit) }) };
  }

  return {
    calls: () => calls,
    async send({ method, url }) {
      calls += 1;
      const known = expanded.get(`${method} ${url}`);
      if (known !== undefined) return known;
      const [, offset] = /&offset=(\d+)/.exec(url) ?? [];
      const answer = answers[`${method} ${first(url).replace(/&offset=\d+/, "")}`];
      if (answer === undefined) throw new Error(`nobody asked for that before: ${method} ${url}`);
      if (method !== "GET" || first(url) !== url || !answer.body.includes(cluster)) return answer;
      const whole = cut(expand(answer), Number(/limit=(\d+)&metadata/.exec(url)?.[1] ?? Infinity), Number(offset ?? 0));
      expanded.set(`${method} ${url}`, whole);
      return whole;
    },
  };
}

/** Each cluster's nodes, all of them Ready, to whoever has a certificate for that cluster. */
export const readyNodes =
  (cluster: string) =>
  ({ serverName }: KubernetesAccess) => {
    const at = Number(/^api\.c(\d+)\./.exec(serverName)?.[1]);
    const id = cluster.slice(0, -AT_DIGITS) + numbered(at);
    const nodes = ["control-plane-1", "worker-1", "worker-2"].map((member) => ({
      metadata: { name: `c${at}-${id}-server-${member}`, uid: member, resourceVersion: "1" },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    }));
    const send: KubernetesSend = async ({ path }) => {
      const items = path.startsWith("/api/v1/nodes") ? nodes : [];
      return { status: 200, body: JSON.stringify({ items }) };
    };
    return Object.assign(send, { close: async () => undefined });
  };
