import { cloudFiles } from "../../shared/adapters/cloud-files.ts";
import { settingsOf } from "../../shared/openstack/clouds.ts";

/** Everything that a project has, asked with plain HTTP and nothing of our client but how to log in. */
export interface Inventory {
  /** `network network ID (dev-k7f…-network)`, sorted. */
  list(): Promise<readonly string[]>;
  /** What Octavia says of each load-balancer member: `ONLINE`, `NO_MONITOR`. */
  memberStates(): Promise<readonly string[]>;
}

/** What `create NAME --rwx 100G` makes: each once for each that the plan has. Ports and security groups are more. */
export const MADE = {
  network: 1,
  subnet: 1,
  router: 1,
  floatingip: 2,
  server: 3,
  "server group": 2,
  "load balancer": 1,
  listener: 1,
  pool: 1,
  // The API, the wildcard and the PTR.
  recordset: 3,
  // The authorities, the logins of controllers, storage and the KMS plugin, and its key: nothing of any node is left.
  secret: 5,
  order: 1,
  share: 1,
  "application credential": 3,
};

interface Listing {
  readonly kind: string;
  readonly service: readonly string[];
  readonly path: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const MANILA = { "x-openstack-manila-api-version": "2.65" };
const NEUTRON = ["network", "subnet", "router", "port", "floatingip", "trunk"].map((kind) => ({
  kind,
  service: ["network"],
  path: `/v2.0/${kind}s?project_id=PROJECT`,
  key: `${kind}s`,
}));
const LISTINGS: readonly Listing[] = [
  ...NEUTRON,
  {
    kind: "security group",
    service: ["network"],
    path: "/v2.0/security-groups?project_id=PROJECT",
    key: "security_groups",
  },
  { kind: "server", service: ["compute"], path: "/servers", key: "servers" },
  { kind: "server group", service: ["compute"], path: "/os-server-groups", key: "server_groups" },
  {
    kind: "load balancer",
    service: ["load-balancer"],
    path: "/v2/lbaas/loadbalancers?project_id=PROJECT",
    key: "loadbalancers",
  },
  { kind: "listener", service: ["load-balancer"], path: "/v2/lbaas/listeners?project_id=PROJECT", key: "listeners" },
  { kind: "pool", service: ["load-balancer"], path: "/v2/lbaas/pools?project_id=PROJECT", key: "pools" },
  { kind: "recordset", service: ["dns"], path: "/v2/recordsets", key: "recordsets" },
  { kind: "secret", service: ["key-manager"], path: "/v1/secrets", key: "secrets" },
  { kind: "order", service: ["key-manager"], path: "/v1/orders", key: "orders" },
  { kind: "share", service: ["shared-file-system", "sharev2"], path: "/shares", key: "shares", headers: MANILA },
  {
    kind: "share network",
    service: ["shared-file-system", "sharev2"],
    path: "/share-networks",
    key: "share_networks",
    headers: MANILA,
  },
  {
    kind: "application credential",
    service: ["identity"],
    path: "/v3/users/USER/application_credentials",
    key: "application_credentials",
  },
];

export interface Login {
  readonly token: string;
  readonly project: string;
  readonly user: string;
  readonly catalog: readonly {
    readonly type: string;
    readonly endpoints: readonly { readonly interface: string; readonly url: string }[];
  }[];
}

export async function login(cloud: string): Promise<Login> {
  const settings = settingsOf(cloudFiles(process.env), process.env, cloud);
  if ("problems" in settings) throw new Error(settings.problems.join("\n"));
  const { auth, authUrl } = settings;
  if (auth.method !== "password") throw new Error(`the cloud ${cloud} has no password`);
  const identity = { methods: ["password"], password: { user: { ...auth.user, password: auth.password } } };
  const body = JSON.stringify({ auth: { identity, scope: { project: auth.project } } });
  const answer = await fetch(`${authUrl}/auth/tokens`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const { token } = (await answer.json()) as {
    token: { project: { id: string }; user: { id: string }; catalog: Login["catalog"] };
  };
  const id = answer.headers.get("x-subject-token") ?? "";
  return { token: id, project: token.project.id, user: token.user.id, catalog: token.catalog };
}

type Row = Readonly<Record<string, unknown>>;

/** Of the first service that has one of these types. */
export function endpointOf(by: Login, types: readonly string[]): string {
  const service = by.catalog.find(({ type }) => types.includes(type));
  const base = service?.endpoints.find((one) => one.interface === "public")?.url.replace(/\/$/, "");
  if (base === undefined) throw new Error(`no ${types.join(" or ")} in the catalog`);
  return base;
}

async function rowsOf(by: Login, listing: Listing): Promise<readonly Row[]> {
  const base = endpointOf(by, listing.service);
  const path = listing.path.replace("PROJECT", by.project).replace("USER", by.user);
  // Catalogs differ in whether an endpoint names its version.
  const version = /\/(v\d[\d.]*)$/.exec(base)?.[1];
  const url =
    version !== undefined && path.startsWith(`/${version}/`) ? base.slice(0, -version.length - 1) + path : base + path;
  const answer = await fetch(url, {
    headers: { "x-auth-token": by.token, accept: "application/json", ...listing.headers },
  });
  if (!answer.ok) throw new Error(`${listing.kind}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as Record<string, readonly Row[]>)[listing.key] ?? [];
}

const lineOf = (kind: string, row: Row): string =>
  `${kind} ${String(row["id"] ?? row["secret_ref"] ?? row["order_ref"])} (${String(row["name"] ?? "")})`;

async function memberStates(by: Login): Promise<readonly string[]> {
  const at = { kind: "member", service: ["load-balancer"] };
  const pools = await rowsOf(by, { ...at, path: "/v2/lbaas/pools?project_id=PROJECT", key: "pools" });
  const members = await Promise.all(
    pools.map(({ id }) => rowsOf(by, { ...at, path: `/v2/lbaas/pools/${String(id)}/members`, key: "members" })),
  );
  return members.flat().map((one) => String(one["operating_status"]));
}

/** By the name of a cloud in clouds.yaml, whose login is a password. */
export async function inventory(cloud: string): Promise<Inventory> {
  const by = await login(cloud);
  return {
    async list() {
      const all = await Promise.all(
        LISTINGS.map(async (listing) => (await rowsOf(by, listing)).map((row) => lineOf(listing.kind, row))),
      );
      return all.flat().sort();
    },
    memberStates: () => memberStates(by),
  };
}
