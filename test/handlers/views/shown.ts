import { helpEntry } from "../../../handlers/command.ts";
import { commands } from "../../../handlers/commands/index.ts";
import { accepted, confirmDelete, done, looking, refused } from "../../../handlers/views/answers.ts";
import { helpMessage } from "../../../handlers/views/help.ts";
import { lateGoneMessage, lateKeptMessage, lateStoppedMessage } from "../../../handlers/views/late.ts";
import { listMessage, statusMessage } from "../../../handlers/views/list.ts";
import {
  blockedMessage,
  deniedMessage,
  endMessage,
  oncallMessage,
  troubleMessage,
} from "../../../handlers/views/outcome.ts";
import { progressMessage } from "../../../handlers/views/progress.ts";
import { requestMessage } from "../../../handlers/views/request.ts";
import { code } from "../../../handlers/views/text.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Request } from "../../../shared/cluster/request.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";
import { call, NOW_MS, plan, record, request, spec, step } from "../given.ts";
import { shownAlerts } from "./alert-given.ts";
import { shownOfApprovals } from "./approvals-given.ts";
import { shownOfCloud } from "./cloud-given.ts";
import { shownToOnCall } from "./on-call/given.ts";

/** What people and services may put into a view, in one word, any number of times. */
function filled(words: string, times: number) {
  const long = Array.from({ length: times }, () => words).join(" ");
  const many = <T>(make: (at: number) => T): T[] => Array.from({ length: times }, (_, at) => make(at));
  const fault = call({ text: long, step: "server/worker-1", requestId: long });
  const steps = Object.fromEntries(
    many((at) => [
      `server/worker-${at}`,
      step({ state: at % 2 === 0 ? "pending" : "failed", word: long, fault: long, id: long, intendedMs: at }),
    ]),
  );
  steps["floating-ip/api"] = step({ state: "ready", facts: { address: words } });
  const wide = { name: "a".repeat(30), template: long, image: long, version: long };
  const big = spec({ ...wide, controlPlane: { count: 7, flavor: long }, workers: { count: 100, flavor: long } });
  const one = (over: Parameters<typeof record>[0], status: Parameters<typeof record>[1]): ClusterRecord =>
    record({ spec: big, tenant: "team-a", ...over }, { steps, failures: many(() => fault), setbacks: 3, ...status });
  const decisions = many((at) => ({
    user: `U0SOME${at}`,
    verdict: at % 2 === 0 ? ("approve" as const) : ("deny" as const),
    atMs: NOW_MS,
    hash: plan().hash,
    reason: long,
  }));
  const whole = plan({
    spec: big,
    resources: many(() => ({ kind: "load-balancer", count: 9999, detail: long })),
    quota: many(() => ({ service: "compute", resource: words, needs: 1, used: 1e9, limit: -1 })),
    warnings: many(() => long),
  });
  const wanted = (over: Partial<Request>): Request =>
    request({
      spec: big,
      name: big.name,
      plan: whole,
      decisions,
      reasons: many(() => long),
      problems: many(() => long),
      ...over,
    });
  const records = many((at) =>
    one({ id: `k${at}`, expiresMs: NOW_MS }, { phase: at % 3 === 0 ? "blocked" : "creating" }),
  );
  return { long, many, fault, one, wanted, records };
}

/** Every view there is, filled with these words; by name. */
export function shown(words: string, times = 1): readonly (readonly [string, SlackMessage])[] {
  const { long, many, fault, one, wanted, records } = filled(words, times);
  const view = { nowMs: NOW_MS + 60_000, etaSeconds: 30, order: ["network", "server/worker-1", "dns/api"] };
  const states = ["planning", "waiting", "approved", "denied", "expired", "refused", "cancelled"] as const;
  const phases = ["requested", "creating", "ready", "blocked", "deleting"] as const;
  const gone = one({ wish: "absent", keepData: true }, { phase: "deleting", kept: many(() => long) });
  const help = commands.map(helpEntry);
  return [
    ["refused", refused(code(long, 2900))],
    ["refused for several reasons", refused(many(() => code(long)))],
    ["done", done("done")],
    ["looking", looking("dev", "load balancers")],
    ["accepted", accepted(wanted({}), long)],
    ["accepted delete", accepted(wanted({ action: "delete" }))],
    ["confirm delete", confirmDelete(one({}, {}), false)],
    ["confirm delete with its data kept", confirmDelete(one({}, {}), true)],
    ["help", helpMessage(help)],
    ...help.map((entry) => [`help ${entry.name}`, helpMessage(help, entry.name)] as const),
    ["list of nothing", listMessage("team-a", [], NOW_MS)],
    ["list", listMessage("team-a", records, NOW_MS + 60_000)],
    ...phases.flatMap((phase) => [
      [`status ${phase}`, statusMessage(one({}, { phase, blocked: fault }), wanted({}), NOW_MS)] as const,
      [`progress ${phase}`, progressMessage(one({}, { phase, blocked: fault }), view)] as const,
    ]),
    ["status without its request", statusMessage(one({}, { phase: "requested" }), undefined, NOW_MS)],
    ["progress of a delete", progressMessage({ ...gone, status: { ...gone.status, finishedMs: undefined } }, view)],
    ["progress of a delete that is done", progressMessage(gone, view)],
    ["end of a create", endMessage(one({}, {}))],
    ["end of a delete", endMessage({ ...gone, status: { ...gone.status, kept: [] } })],
    ["end of a delete with its data kept", endMessage(gone)],
    ...states.map((state) => [`request ${state}`, requestMessage(wanted({ state }), NOW_MS)] as const),
    ["request to delete", requestMessage(wanted({ action: "delete" }), NOW_MS)],
    ["dry run", requestMessage(wanted({ state: "approved", dryRun: true }), NOW_MS)],
    ["denied", deniedMessage(wanted({ state: "denied" }))],
    ["trouble", troubleMessage(fault)],
    ["blocked", blockedMessage(one({}, { phase: "blocked" }), fault)],
    ["on call", oncallMessage(one({}, { phase: "blocked" }), fault)],
    ["late", lateStoppedMessage(gone, fault, ["floating-ip/3b1f", ...many((at) => `server/${at}${long}`)])],
    ["late and gone", lateGoneMessage(gone)],
    ["late and kept", lateKeptMessage(gone, ["volume 3b1f", ...many(() => long)])],
    ...shownAlerts(long, many),
    ...shownOfCloud(long, many),
    ...shownToOnCall(long, many, one({}, { phase: "blocked", blocked: fault })),
    ...shownOfApprovals(words, times),
  ];
}
