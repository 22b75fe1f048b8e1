import type { ServiceType } from "../../openstack/errors.ts";
import { holds } from "../cluster-roles.ts";
import { amber, type Check, check, type Finding, green, listOf, red, unknown, worstOf } from "./check.ts";
import type { Enforcement, Probed } from "./probe.ts";
import { STARTER_KIT } from "./services.ts";
import type { Sight } from "./sight.ts";

const roles = check<{ readonly roles: readonly string[]; readonly project: string; readonly probed: Probed }>({
  id: "identity/roles",
  service: "identity",
  title: "Roles",
  why: "We make everything in our own name, and clusters' programs get member, load-balancer_member and creator of ours",
  how: "the token's roles; where Octavia's policy wants more than member, its answer to a login with these roles",
  mend: "openstack role add --user USER --project PROJECT ROLE",
  async read(sight) {
    const [scope, probed] = await Promise.all([sight.scope(), sight.probed()]);
    return { roles: scope.roles, project: scope.projectName, probed };
  },
  judge({ roles: held, project, probed }): Finding {
    const add = (role: string) => `openstack role add --user USER --project ${project} ${role}`;
    const has = `on ${project}: ${listOf(held)}`;
    if (!holds(held, "member"))
      return red(`"member" is missing ${has}`, `Whoever may give roles runs: ${add("member")}`);
    if (probed.services["load-balancer"] === "locked" && !holds(held, "load-balancer_member"))
      return red(
        `Octavia wants "load-balancer_member", which is missing ${has}`,
        `Whoever may give roles runs: ${add("load-balancer_member")}`,
      );
    if (probed.services["key-manager"] === "locked" && !holds(held, "creator"))
      return red(`Barbican wants "creator", which is missing ${has}`, `Whoever may give roles runs: ${add("creator")}`);
    if (held.includes("admin"))
      return amber(
        `an administrator's login ${has}: it reaches every project of this cloud`,
        `Give kinvirt a user of its own with ${add("member")}`,
      );
    return green(has);
  },
});

const mint = check<Probed>({
  id: "identity/credentials",
  service: "identity",
  title: "Application credentials",
  why: "Each cluster's programs log in with credentials of their own, so we must be allowed to make them",
  how: "POST /v3/users/USER/application_credentials, deleted at once",
  mend: "a password, or an application credential made with --unrestricted",
  read: (sight) => sight.probed(),
  judge({ refusal, roleless }) {
    if (roleless === true) return unknown("none of our roles is one that they get");
    if (refusal === undefined) return green("we may make them");
    const how = "openstack application credential create --unrestricted NAME";
    return red(
      `Keystone refuses: ${refusal.replace(/\.+$/, "")}`,
      `In clouds.yaml use a password, or an application credential of: ${how}`,
    );
  },
});

type Verdicts = Readonly<Partial<Record<ServiceType, Enforcement>>>;

const named = (services: Verdicts, is: Enforcement): readonly string[] =>
  Object.entries(services).flatMap(([service, found]) =>
    found === is ? [STARTER_KIT[service as ServiceType].name] : [],
  );

const rules = check<Probed>({
  id: "identity/access-rules",
  service: "identity",
  title: "Access rules",
  why: "Who breaks into one program of a cluster must not have the rest of the project: access rules are that wall",
  how: "a credential with a single rule for each service makes that call, and one beside it, which has to be 401 or 403",
  mend: "Keystone 3.13 or later, keystonemiddleware in front of each service, and service_type in its [keystone_authtoken]",
  read: (sight) => sight.probed(),
  judge({ refusal, roleless, services }) {
    if (refusal !== undefined || roleless === true) return unknown("no credential to try them with");
    const ignored = named(services, "ignored");
    if (ignored.length > 0)
      return red(
        `not enforced by ${listOf(ignored)}: a restricted login made a call that its rules don't name`,
        "Ask the operator for a Keystone that knows access rules (3.13) and keystonemiddleware in front of each service. " +
          "Until then a cluster's logins may do all that their roles may.",
      );
    const locked = named(services, "locked");
    if (locked.length > 0)
      return red(
        `${listOf(locked)} ${locked.length === 1 ? "refuses" : "refuse"} restricted logins even what their rules name`,
        "Ask the operator to set service_type in [keystone_authtoken] to the catalog's word for it, and, where the catalog's " +
          "address has a path before the version, to have the proxy leave it there; and look at the roles above.",
      );
    const silent = named(services, "silent");
    const enforced = named(services, "enforced");
    if (silent.length > 0 || enforced.length === 0)
      return amber(
        `no answer to judge by from ${silent.length === 0 ? "any service" : listOf(silent)}`,
        "Run the doctor again once they answer.",
      );
    return green(`enforced by ${listOf(enforced)}`);
  },
});

const login = check({
  id: "identity/login",
  service: "identity",
  title: "Login",
  why: "Whose project, and in which region, clusters are made",
  how: "the token",
  mend: "the tenant's entry in clouds.yaml",
  read: async (sight: Sight) => ({ ...(await sight.scope()), way: sight.cloud.way }),
  judge: ({ projectName, region, authUrl, way }) =>
    worstOf([
      green(`project ${projectName}, region ${region}`),
      ...(way?.verify === false && authUrl.startsWith("https:")
        ? [
            amber(
              "certificates are not checked here, and clusters' nodes and programs do check them",
              "Name the authority's certificate as cacert in clouds.yaml, and take verify and insecure out.",
            ),
          ]
        : []),
      ...(way === undefined || way.interface === "public"
        ? []
        : [
            amber(
              `endpoints of the interface ${way.interface} are used here, and clusters' programs use the public ones`,
              `See that nodes reach ${authUrl} and that both have the same paths, or use the interface public.`,
            ),
          ]),
    ]),
});

export const identityChecks: readonly Check[] = [login, roles, mint, rules];
