import type { KubernetesAccess, KubernetesSend } from "../../shared/kubernetes/send.ts";
import type { Chance } from "../../shared/ports/clock.ts";
import { random } from "../openstack/random.ts";
import { type Authority, servingCertificate, userOf } from "./authority.ts";
import { begin } from "./begin.ts";
import { cilium } from "./controllers/cilium.ts";
import { claims } from "./controllers/claims.ts";
import { endings, garbage, namespaces } from "./controllers/garbage.ts";
import { nodes } from "./controllers/nodes.ts";
import type { Pass } from "./controllers/pass.ts";
import { pods } from "./controllers/pods.ts";
import { workloads } from "./controllers/workloads.ts";
import type { ApiRequest, Reply } from "./request.ts";
import { type Serving, serve } from "./server.ts";
import { signAll } from "./signer.ts";
import { type Store, store } from "./store.ts";
import type { Tasks } from "./tasks.ts";

/** A controller that acts outside of the cluster. It looks at everything, as the others do, and may take its time. */
export type CloudController = (pass: Pass) => Promise<void>;

export interface ClusterSetup {
  readonly authority: Authority;
  /** Names and addresses for which the server has its certificate. */
  readonly sans: readonly string[];
  /** `v1.36.1` */
  readonly gitVersion: string;
  readonly serviceCidr: string;
  /** Kubelets ask for serving certificates. */
  readonly serverTLSBootstrap: boolean;
  /** Shared with whatever else happens in the same sandbox. */
  readonly tasks: Tasks;
  readonly chance: Chance;
  readonly cloud?: readonly CloudController[];
}

/** One cluster: its API server, its store and its controllers, in the time of the clock that it was given. */
export interface Cluster {
  readonly setup: ClusterSetup;
  readonly store: Store;
  /** After all that is due by now. */
  handle(request: ApiRequest): Promise<Reply>;
  /** From inside a task. */
  answer(request: ApiRequest): Reply;
  /** The way in without sockets: TLS names, authorities and certificates count as they do on the wire. */
  dial(access: KubernetesAccess): KubernetesSend;
  /** What the server shows on the wire. */
  serving(): Promise<{ readonly certificate: string; readonly key: string }>;
  userOf(certificate: string | Buffer): ReturnType<typeof userOf>;
  /** Something outside has changed: the controllers look. */
  wake(): void;
  /** Nodes whose kubelet is silent. */
  readonly silent: Set<string>;
  /** Checks of `/readyz` that fail now. */
  readonly failing: Set<string>;
  /** True: nobody answers. */
  isDown: boolean;
}

const PASS_MS = 200;
const CALM_MS = 30_000;
const PASSES_MAX = 30;

/** Passes of all controllers, a moment after each change and now and then; one pass follows another until nothing changes. */
function controllers(
  setup: ClusterSetup,
  all: Store,
  agenda: Tasks,
  draw: (length: number) => string,
  silent: ReadonlySet<string>,
  isDown: () => boolean,
) {
  let dueMs: number | undefined;
  let calledMs = 0;
  function again(afterMs: number): void {
    const wantedMs = agenda.nowMs() + afterMs;
    if (dueMs !== undefined && dueMs <= wantedMs) return;
    dueMs = wantedMs;
    agenda.later(afterMs, async () => {
      if (dueMs === wantedMs) await run();
    });
  }
  async function run(): Promise<void> {
    dueMs = undefined;
    if (isDown()) return;
    calledMs = agenda.nowMs();
    const alive = (node: string) => !silent.has(node);
    const pass: Pass = { store: all, nowMs: calledMs, token: draw, again, alive };
    for (let turn = 0; turn < PASSES_MAX; turn++) {
      const before = all.version();
      for (const controller of [namespaces, endings, garbage, nodes, workloads, pods, claims, cilium]) controller(pass);
      if (all.version() === before) break;
    }
    await signAll(all, setup.authority, pass.nowMs);
    // The cloud answers as of the clock's time, and from then on counts when it is looked at again: looks that were missed
    // are not made up for, one by one.
    const outside: Pass = { ...pass, again: (afterMs) => again(agenda.lateMs() + afterMs) };
    for (const controller of setup.cloud ?? []) await controller(outside);
  }
  all.onChange(() => again(PASS_MS));
  /** Silence of the outside world is noticed too: a server that is gone tells nobody. */
  return {
    wake: () => again(0),
    look() {
      if (agenda.nowMs() - calledMs >= CALM_MS) again(0);
    },
  };
}

function refusedOnTheWire(setup: ClusterSetup, access: KubernetesAccess): string | undefined {
  if (access.ca.trim() !== setup.authority.certificate.trim()) return "unable to verify the first certificate";
  if (setup.sans.includes(access.serverName)) return undefined;
  return `Hostname/IP does not match certificate's altnames: ${access.serverName} is not in the cert's list: ${setup.sans}`;
}

export function cluster(setup: ClusterSetup): Cluster {
  const draw = random(setup.chance);
  const token = (length: number) => draw.hex().slice(0, length);
  const agenda = setup.tasks;
  const all = store({ nowMs: agenda.nowMs, uuid: draw.uuid });
  const silent = new Set<string>();
  const failing = new Set<string>();
  begin(all, setup.serviceCidr);
  const { wake, look } = controllers(setup, all, agenda, token, silent, () => made.isDown);
  const { gitVersion, serviceCidr, authority } = setup;
  const serving: Serving = {
    store: all,
    nowMs: agenda.nowMs,
    serviceCidr,
    gitVersion,
    token,
    failing: () => [...failing],
  };
  let shown: ReturnType<Cluster["serving"]> | undefined;
  const made: Cluster = {
    setup,
    store: all,
    silent,
    failing,
    wake,
    isDown: false,
    userOf: (certificate) => userOf(certificate, authority.certificate, agenda.nowMs()),
    serving() {
      shown ??= servingCertificate(authority, { sans: setup.sans, nowMs: agenda.nowMs() });
      return shown;
    },
    async handle(request) {
      look();
      await agenda.settle();
      return serve(request, serving);
    },
    answer: (request) => serve(request, serving),
    dial: (access) => async (request) => {
      if (made.isDown) throw new Error(`connect ECONNREFUSED ${access.address}:${access.port}`);
      const refusal = refusedOnTheWire(setup, access);
      if (refusal !== undefined) throw new Error(refusal);
      const headers = {
        accept: "application/json",
        "user-agent": "kinvirt",
        "content-type": request.contentType ?? "",
      };
      const user = made.userOf(access.certificate) ?? "unknown";
      const reply = await made.handle({
        method: request.method,
        path: request.path,
        headers,
        body: request.body ?? "",
        user,
      });
      return { status: reply.status, body: typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body) };
    },
  };
  return made;
}
