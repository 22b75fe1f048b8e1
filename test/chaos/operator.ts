import { systemClock } from "../../shared/adapters/system-clock.ts";
import { endpointOf, type Login, login } from "../lab/inventory.ts";

const clock = systemClock();
/** Far longer than a service that is well takes for it on a cloud for tests. */
const FORGOTTEN_MS = 90_000;
const MANILA = { "x-openstack-manila-api-version": "2.65" };

/** Who runs the cloud: resets what a service died over, as no project's own user may. */
export interface Operator {
  /** How many of the resources whose names begin so had to be reset. */
  mend(prefix: string): Promise<number>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_at?: string;
  readonly updated?: string;
  readonly updated_at?: string | null;
  readonly "OS-EXT-STS:task_state"?: string | null;
}

interface Ward {
  readonly service: readonly string[];
  readonly key: "servers" | "shares";
  readonly headers: Readonly<Record<string, string>>;
  stuck(row: Row): boolean;
  reset(row: Row): unknown;
}

const WARDS: readonly Ward[] = [
  {
    service: ["compute"],
    key: "servers",
    headers: {},
    stuck: (row) => row["OS-EXT-STS:task_state"] === "deleting",
    reset: () => ({ "os-resetState": { state: "active" } }),
  },
  {
    service: ["shared-file-system", "sharev2"],
    key: "shares",
    headers: MANILA,
    stuck: (row) => ["creating", "deleting", "ensuring"].includes(row.status),
    // `ensuring`: the share is whole, and manila-share looked at it when it began.
    reset: (row) => ({ reset_status: { status: row.status === "ensuring" ? "available" : "error" } }),
  },
];

/** Manila writes UTC without saying so. */
const msOf = (time: string): number => Date.parse(/Z$/.test(time) ? time : `${time}Z`);

async function mendIn(by: Login, ward: Ward, prefix: string): Promise<number> {
  const base = endpointOf(by, ward.service);
  const headers = { "x-auth-token": by.token, "content-type": "application/json", ...ward.headers };
  const answer = await fetch(`${base}/${ward.key}/detail?all_tenants=1`, { headers });
  const rows = ((await answer.json()) as Record<string, readonly Row[] | undefined>)[ward.key] ?? [];
  const forgotten = rows.filter((row) => {
    const sinceMs = msOf(row.updated ?? row.updated_at ?? row.created_at ?? "");
    return row.name.startsWith(prefix) && ward.stuck(row) && clock.nowMs() - sinceMs > FORGOTTEN_MS;
  });
  for (const row of forgotten) {
    const body = JSON.stringify(ward.reset(row));
    await fetch(`${base}/${ward.key}/${row.id}/action`, { method: "POST", headers, body });
  }
  return forgotten.length;
}

/** `cloud`: an administrator's entry in clouds.yaml. */
export const operator = (cloud: string): Operator => ({
  async mend(prefix) {
    const by = await login(cloud);
    const mended = await Promise.all(WARDS.map((ward) => mendIn(by, ward, prefix)));
    return mended.reduce((sum, one) => sum + one, 0);
  },
});
