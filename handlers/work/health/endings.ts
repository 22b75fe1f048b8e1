import { loginsEndMs } from "../../../shared/cluster/logins-end.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Wrong } from "./checks.ts";
import type { Inside } from "./judge.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
/** The sweep makes new logins a month before these end: what has so little left was not renewed. */
const LOGINS_MS = 14 * DAY_MS;
/** kubeadm's default for all but its authorities. Source: kubeadm, `certificateValidityPeriod`. */
const CERTIFICATE_MS = YEAR_MS;
const CERTIFICATES_MS = 30 * DAY_MS;
/** Of the authorities that kinvirt makes. */
const AUTHORITY_MS = 10 * YEAR_MS;
const AUTHORITIES_MS = 180 * DAY_MS;
const TTL_MS = DAY_MS;
/** A cluster for an hour is not about to end for all of that hour. */
const TTL_SHARE = 0.1;

const PLANE = /^kubernetes-node\/control-plane-/;

const recordedEndMs = ({ status }: ClusterRecord): number => {
  const begun = Object.entries(status.steps).flatMap(([step, { readyMs }]) =>
    PLANE.test(step) ? (readyMs ?? []) : [],
  );
  return Math.min(...begun) + CERTIFICATE_MS;
};

/** Somebody may have renewed them by hand, of which the record knows nothing. */
export const isWorthAsking = (record: ClusterRecord, nowMs: number): boolean =>
  recordedEndMs(record) - nowMs < CERTIFICATES_MS;

/**
 * The certificate that a single control plane shows is the truth. Of several nobody knows which one has shown it, so that the
 * record is believed until its time has passed: whoever answers after that has a new one.
 */
function certificatesEndMs(record: ClusterRecord, nowMs: number, inside: Inside | undefined): number | "blind" {
  const recorded = recordedEndMs(record);
  const hasPassed = nowMs - recorded > HOUR_MS;
  if (!isWorthAsking(record, nowMs) || (record.spec.controlPlane.count > 1 && !hasPassed)) return recorded;
  if (inside?.is === "told") return inside.certificateEndMs ?? recorded;
  return inside !== undefined && hasPassed ? recorded : "blind";
}

/** What of a cluster is about to end, from the record, and from what its API has shown where it was asked. */
export function* endings(
  record: ClusterRecord,
  nowMs: number,
  inside: Inside | undefined,
): Generator<readonly [string, Wrong | "blind"]> {
  const { createdMs, expiresMs, renewals } = record;
  const near = (untilMs: number, beforeMs: number) => untilMs - nowMs < beforeMs;
  const wrong = (untilMs: number): Wrong => ({
    symptom: "ending",
    facts: { untilMs: String(untilMs), ...(untilMs <= nowMs ? { over: "true" } : {}) },
  });
  if (expiresMs !== undefined && near(expiresMs, Math.min(TTL_MS, (expiresMs - createdMs) * TTL_SHARE)))
    yield ["end/ttl", wrong(expiresMs)];
  const logins = loginsEndMs({ createdMs, ...(renewals === undefined ? {} : { renewals }) });
  if (near(logins, LOGINS_MS)) yield ["end/logins", wrong(logins)];
  const certificates = certificatesEndMs(record, nowMs, inside);
  if (certificates === "blind") yield ["end/certificates", "blind"];
  else if (near(certificates, CERTIFICATES_MS)) yield ["end/certificates", wrong(certificates)];
  const authorities = createdMs + AUTHORITY_MS;
  if (near(authorities, AUTHORITIES_MS)) yield ["end/authorities", wrong(authorities)];
}
