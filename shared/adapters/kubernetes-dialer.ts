import type { KubernetesAccess, KubernetesDialer } from "../kubernetes/send.ts";
import { dialKubernetes } from "./undici-kubernetes.ts";

const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 200;
/** With the life of a connection that is opened at its end, still less than a certificate's hour. */
const ACCESS_MS = 45 * 60_000;
/** Some kilobytes each: a look at thousands of clusters must not ask Barbican for each of them every time. */
const ACCESS_MAX = 20_000;

type Line = ReturnType<typeof dialKubernetes>;

interface Kept {
  readonly line: Promise<Line>;
  readonly untilMs: number;
}

interface Granted {
  readonly access: Promise<KubernetesAccess>;
  readonly untilMs: number;
}

/** Connections, each kept for ten minutes, and for longer what it takes to open one anew. */
export function kubernetesDialer(setup: {
  nowMs(): number;
  /** Over TLS unless told. */
  readonly dial?: (access: KubernetesAccess) => Line;
  readonly urlOf?: KubernetesDialer["urlOf"];
}): KubernetesDialer & { close(): Promise<void> } {
  const { nowMs, dial = dialKubernetes, urlOf = async ({ name, port }) => `https://${name}:${port}` } = setup;
  const kept = new Map<string, Kept>();
  const granted = new Map<string, Granted>();
  function grant(key: string, ask: () => Promise<KubernetesAccess>): Promise<KubernetesAccess> {
    const known = granted.get(key);
    if (known !== undefined && known.untilMs > nowMs()) return known.access;
    granted.delete(key);
    if (granted.size >= ACCESS_MAX) granted.delete(granted.keys().next().value ?? "");
    const access = ask();
    granted.set(key, { access, untilMs: nowMs() + ACCESS_MS });
    access.catch(() => granted.delete(key));
    return access;
  }
  async function end(key: string): Promise<void> {
    const one = kept.get(key);
    kept.delete(key);
    await one?.line.then((line) => line.close()).catch(() => undefined);
  }
  async function open(key: string, access: () => Promise<KubernetesAccess>): Promise<Line> {
    const [oldest = ""] = kept.keys();
    if (kept.size >= KEPT_MAX) void end(oldest);
    const line = grant(key, access).then(dial);
    kept.set(key, { line, untilMs: nowMs() + KEPT_MS });
    line.catch(() => kept.delete(key));
    return line;
  }
  return {
    async connect(key, access) {
      const found = kept.get(key);
      if (found !== undefined && found.untilMs > nowMs()) return found.line;
      void end(key);
      return open(key, access);
    },
    urlOf,
    close: async () => void (await Promise.all([...kept.keys()].map(end))),
  };
}
