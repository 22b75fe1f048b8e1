import type { SlackMessage } from "../../../shared/ports/slack.ts";
import type { KeyTruth } from "../../../shared/resources/key-truth.ts";
import { showDuration } from "../../../shared/units.ts";
import { code, listed, message, moment, quote, section, small } from "../text.ts";
import { stepWords } from "../words.ts";
import { type Finding, findingLine, going, msOf, type Stage, verdictOf, worstFirst } from "./finding.ts";

/** The keys, secrets and logins of one cluster beside what should be. */
export interface KeysOf {
  readonly cluster: string;
  readonly stage: Stage;
  readonly keys: readonly KeyTruth[];
  /** The API server's own checks of its KMS plugin that fail. Absent: it did not answer. */
  readonly failing?: readonly string[];
  readonly nowMs: number;
}

const DAY_MS = 86_400_000;
/** They are renewed by themselves a month before they end: one that is nearer was not. */
const NEAR_MS = 25 * DAY_MS;

/** What is lost with each, for who is about to say "just make it again". */
const LOSS: Readonly<Record<string, string>> = {
  "key/kms":
    "Without it nobody can read the cluster's Secrets any more: kinvirt makes no other one. " +
    "An operator looks for it in Barbican.",
  "secret/pki":
    "Without it nobody gets into the cluster anew, kinvirt neither: it is made once. " +
    "An operator looks for it in Barbican.",
};

function keyFinding(one: KeyTruth, { cluster, stage, nowMs }: KeysOf): readonly Finding[] {
  if (stage === "leaving") return [];
  const of = stepWords(one.step);
  const retry = code(`/k8s retry ${cluster}`);
  if (one.id === undefined) {
    if (!one.made) return [{ grade: "look", of, says: "It is not there yet." }];
    return [{ grade: "bad", of, says: `It is gone. ${LOSS[one.step] ?? `${retry} makes it again.`}` }];
  }
  if (one.fault !== undefined || one.status === "ERROR") {
    const why = quote(one.fault ?? "Barbican gives no reason", 300);
    return [{ grade: "bad", of, says: `It is in ERROR: ${why}. ${LOSS[one.step] ?? `${retry} makes it again.`}` }];
  }
  if (one.status !== "ACTIVE")
    return [{ grade: "look", of, says: `Barbican is still making it (${quote(one.status ?? "", 40)}).` }];
  if (one.shared === true) {
    const says = `Everybody with a role in the project may read it: ${retry} makes it private again.`;
    return [{ grade: stage === "coming" ? "look" : "bad", of, says }];
  }
  const endMs = msOf(one.expiresAt);
  if (endMs === undefined || endMs - nowMs > NEAR_MS) return [];
  const renew = `${code(`/k8s renew ${cluster}`)} gives the cluster's programs new ones.`;
  const left = endMs <= nowMs ? "It has ended" : `It ends in ${showDuration((endMs - nowMs) / 1000)}`;
  return [{ grade: "bad", of, says: `${left}: ${renew}` }];
}

function pluginFindings({ failing = [], cluster, stage }: KeysOf): readonly Finding[] {
  if (stage === "leaving") return [];
  const kms = failing.filter((check) => check.startsWith("kms"));
  if (kms.length === 0) return [];
  const says =
    "The API server says that its KMS plugin does not answer, so Secrets can't be read: look whether the control";
  const where = `planes reach Barbican and Keystone, at the end of their consoles with ${code(`/k8s nodes ${cluster}`)}.`;
  return [{ grade: stage === "coming" ? "look" : "bad", of: "KMS plugin", says: `${says} ${where}` }];
}

export const keyFindings = (all: KeysOf): readonly Finding[] => [
  ...all.keys.flatMap((one) => keyFinding(one, all)),
  ...pluginFindings(all),
];

function line(one: KeyTruth): string {
  const endMs = msOf(one.expiresAt);
  if (one.id === undefined) return `:x: ${stepWords(one.step)} is not there`;
  const who = one.shared === undefined ? "" : one.shared ? ", for everybody in the project" : ", private";
  const login = one.step.startsWith("credential/");
  const ends = endMs === undefined ? (login ? ", goes with the cluster" : "") : `, ends ${moment(endMs)}`;
  const sign =
    one.status === "ACTIVE" && one.shared !== true && one.fault === undefined ? ":white_check_mark:" : ":warning:";
  return `${sign} ${stepWords(one.step)} ${quote(one.status ?? "", 40)}${who}${ends} ${code(one.id)}`;
}

export function kmsMessage(all: KeysOf): SlackMessage {
  const found = worstFirst(keyFindings(all));
  const well = `The key, the secrets and the logins of *${all.cluster}* are as they should be.`;
  const plugin =
    all.failing === undefined
      ? "The API server did not answer, so nothing is known of its KMS plugin"
      : "The API server was asked for its KMS plugin too";
  return message(
    verdictOf(`*${all.cluster}*`, found, all.stage === "leaving" ? going(all.cluster) : well),
    ...(found.length === 0 ? [] : [section(listed(found.map(findingLine), 20))]),
    ...(all.keys.length === 0 ? [] : [section(listed(all.keys.map(line), 20))]),
    small(`${plugin}. What is in a secret is never read for this`),
  );
}
