import type { KubernetesAccess, KubernetesDialer } from "../kubernetes/send.ts";
import { dialKubernetes } from "./undici-kubernetes.ts";

const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 200;

type Line = ReturnType<typeof dialKubernetes>;

interface Kept {
  readonly line: Promise<Line>;
  readonly untilMs: number;
}

/** Connections, each kept for ten minutes, well within the life of its certificate. */
export function kubernetesDialer(setup: {
  nowMs(): number;
  /** Over TLS unless told. */
  readonly dial?: (access: KubernetesAccess) => Line;
  readonly urlOf?: KubernetesDialer["urlOf"];
}): KubernetesDialer & { close(): Promise<void> } {
  const { nowMs, dial = dialKubernetes, urlOf = async ({ name, port }) => `https://${name}:${port}` } = setup;
  const kept = new Map<string, Kept>();
  async function end(key: string): Promise<void> {
    const one = kept.get(key);
    kept.delete(key);
    await one?.line.then((line) => line.close()).catch(() => undefined);
  }
  async function open(key: string, access: () => Promise<KubernetesAccess>): Promise<Line> {
    const [oldest = ""] = kept.keys();
    if (kept.size >= KEPT_MAX) void end(oldest);
    const line = access().then(dial);
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
