import type { CloudSettings } from "../../shared/openstack/clouds.ts";
import type { ServiceType } from "../../shared/openstack/errors.ts";
import type { wire } from "../conformance/contract/exchange.ts";
import type { Limits } from "../conformance/contract/suite.ts";

type Wire = ReturnType<typeof wire>;

const PASSWORD = "a-temporary-project";
const ROLES = ["member", "load-balancer_member", "creator"];

/** How each service has its administrator limit a project. */
const SET: Readonly<Partial<Record<ServiceType, (project: string, limits: unknown) => readonly [string, unknown]>>> = {
  compute: (project, quota_set) => [`PUT /os-quota-sets/${project}`, { quota_set }],
  network: (project, quota) => [`PUT /quotas/${project}`, { quota }],
  "load-balancer": (project, quota) => [`PUT /lbaas/quotas/${project}`, { quota }],
  dns: (project, limits) => [`PATCH /quotas/${project}`, limits],
  "key-manager": (project, project_quotas) => [`PUT /project-quotas/${project}`, { project_quotas }],
  "shared-file-system": (project, quota_set) => [`PUT /quota-sets/${project}`, { quota_set }],
};

/** A project and its user, both of this name. */
export async function temporaryProject(admin: Wire, like: CloudSettings, name: string, limits: Limits) {
  const ask = async (service: ServiceType, call: string, body?: unknown) => {
    const how = service === "dns" ? { headers: { "x-auth-all-projects": "true" } } : {};
    const { status, body: text } = await admin.send(service, call, body, { microversion: "2.45", ...how });
    if (status >= 300) throw new Error(`${service} ${call}: ${status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
  const domain_id = "default";
  const { project } = await ask("identity", "POST /projects", { project: { name, domain_id } });
  const { user } = await ask("identity", "POST /users", { user: { name, domain_id, password: PASSWORD } });
  const { roles } = await ask("identity", "GET /roles");
  for (const { id, name: role } of roles)
    if (ROLES.includes(role)) await ask("identity", `PUT /projects/${project.id}/users/${user.id}/roles/${id}`);
  for (const [service, quota] of Object.entries(limits) as [ServiceType, unknown][]) {
    const set = SET[service]?.(project.id, quota);
    if (set !== undefined) await ask(service, ...set);
  }
  const settings: CloudSettings = {
    ...like,
    auth: { method: "password", user: { id: user.id }, password: PASSWORD, project: { id: project.id } },
  };
  return {
    settings,
    async end(): Promise<void> {
      const { security_groups } = await ask("network", `GET /security-groups?project_id=${project.id}`);
      for (const { id } of security_groups) await ask("network", `DELETE /security-groups/${id}`);
      if (limits.network !== undefined) await ask("network", `DELETE /quotas/${project.id}`);
      await ask("identity", `DELETE /users/${user.id}`);
      await ask("identity", `DELETE /projects/${project.id}`);
    },
  };
}
