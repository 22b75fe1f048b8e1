import type { Node } from "../shared/resources/node.ts";
import { endpointOf, type Login, login } from "../test/lab/inventory.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Plain HTTP to one project's services, with nothing of our client. */
export interface Plain {
  readonly login: Login;
  /** The JSON of an answer; undefined for 404 and for no content. Any other refusal is thrown. */
  ask(service: readonly string[], method: string, path: string, body?: unknown): Promise<Row | undefined>;
}

const HEADERS = {
  "x-openstack-manila-api-version": "2.65",
  "openstack-api-version": "compute 2.79",
  accept: "application/json",
};
export const SHARES = ["shared-file-system", "sharev2"];

/** Catalogs differ in whether an endpoint names its version. */
function urlOf(base: string, path: string): string {
  const version = /\/(v\d[\d.]*)$/.exec(base)?.[1];
  return version !== undefined && path.startsWith(`/${version}/`)
    ? base.slice(0, -version.length - 1) + path
    : base + path;
}

export async function plain(cloud: string): Promise<Plain> {
  const by = await login(cloud);
  return {
    login: by,
    async ask(service, method, path, body) {
      const url = urlOf(endpointOf(by, service), path);
      const content = body === undefined ? {} : { "content-type": "application/json" };
      const answer = await fetch(url, {
        method,
        headers: { ...HEADERS, ...content, "x-auth-token": by.token },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 500)}`);
      return text === "" ? undefined : (JSON.parse(text) as Row);
    },
  };
}

const NEUTRON = ["network", "subnet", "router", "port", "floatingip"].map(
  (kind) => [["network"], `/v2.0/${kind}s`, `${kind}s`] as const,
);
const LISTINGS: readonly (readonly [readonly string[], string, string])[] = [
  ...NEUTRON,
  [["network"], "/v2.0/security-groups", "security_groups"],
  [["compute"], "/servers/detail", "servers"],
  [["compute"], "/os-server-groups", "server_groups"],
  [["load-balancer"], "/v2/lbaas/loadbalancers", "loadbalancers"],
  [["dns"], "/v2/recordsets", "recordsets"],
  [["key-manager"], "/v1/secrets?limit=1000", "secrets"],
  [["key-manager"], "/v1/orders?limit=1000", "orders"],
  [SHARES, "/shares/detail", "shares"],
  [["identity"], "/v3/users/USER/application_credentials", "application_credentials"],
];

const idOf = (row: Row): string =>
  String(row["id"] ?? row["order_ref"] ?? row["secret_ref"])
    .split("/")
    .at(-1) ?? "";

/** Whether a text has the name or the mark of this step of this cluster. */
export const names = (text: string, cluster: string, step: string): boolean =>
  new RegExp(`-${cluster}-${step.replace("/", "-")}(?![a-z0-9-])|kinvirt:${cluster} ${step}(?![a-z0-9/-])`).test(
    text,
  ) || new RegExp(`"kinvirt-step": ?"${step}"`).test(text);

/** The rows of one cluster as the cloud's own listings have them, by step. */
export async function rowsOf(cloud: Plain, name: string, graph: readonly Node[]) {
  const all = await Promise.all(
    LISTINGS.map(async ([service, path, key]) => {
      const listed = await cloud.ask(service, "GET", path.replace("USER", cloud.login.user));
      return (listed?.[key] ?? []) as readonly Row[];
    }),
  );
  const rows = all.flat().map((row) => ({ row, id: idOf(row), text: JSON.stringify(row) }));
  const cluster = rows.map(({ text }) => new RegExp(`"${name}-(k[a-z0-9]{9})-network"`).exec(text)?.[1]).find(Boolean);
  if (cluster === undefined) throw new Error(`the cloud has no network of ${name}`);
  const mine = rows.filter(({ text }) => text.includes(cluster));
  const steps = graph.map(({ step }) => [step, mine.filter(({ text }) => names(text, cluster, step))] as const);
  return { cluster, rows: new Map(steps.map(([step, found]) => [step, found.map(({ row, id }) => ({ row, id }))])) };
}

export type Rows = Awaited<ReturnType<typeof rowsOf>>;
