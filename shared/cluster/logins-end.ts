import type { GraphInput } from "./graph.ts";

const LOGIN_DAYS = 365;
const DAY_MS = 86_400_000;

/** When the logins that the cluster's programs have now end. */
export const loginsEndMs = ({ createdMs, renewals }: Pick<GraphInput, "createdMs" | "renewals">): number =>
  (renewals?.sinceMs ?? createdMs) + LOGIN_DAYS * DAY_MS;
