import { loginsEndMs } from "../../../shared/cluster/logins-end.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Wrong } from "./checks.ts";

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

/** What of a cluster is about to end, from the record alone. */
export function* endings(record: ClusterRecord, nowMs: number): Generator<readonly [string, Wrong]> {
  const { createdMs, expiresMs, renewals, status } = record;
  const near = (untilMs: number, beforeMs: number) => untilMs - nowMs < beforeMs;
  const wrong = (untilMs: number): Wrong => ({ symptom: "ending", facts: { untilMs: String(untilMs) } });
  if (expiresMs !== undefined && near(expiresMs, Math.min(TTL_MS, (expiresMs - createdMs) * TTL_SHARE)))
    yield ["end/ttl", wrong(expiresMs)];
  const logins = loginsEndMs({ createdMs, ...(renewals === undefined ? {} : { renewals }) });
  if (near(logins, LOGINS_MS)) yield ["end/logins", wrong(logins)];
  const begun = Object.entries(status.steps).flatMap(([step, { readyMs }]) =>
    PLANE.test(step) ? (readyMs ?? []) : [],
  );
  const certificates = Math.min(...begun) + CERTIFICATE_MS;
  if (near(certificates, CERTIFICATES_MS)) yield ["end/certificates", wrong(certificates)];
  const authorities = createdMs + AUTHORITY_MS;
  if (near(authorities, AUTHORITIES_MS)) yield ["end/authorities", wrong(authorities)];
}
