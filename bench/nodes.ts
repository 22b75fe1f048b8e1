import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import process from "node:process";
import { parse } from "yaml";
import type { Stage } from "./stage.ts";

interface Login {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly conditions: readonly { readonly type: string; readonly lastTransitionTime: string }[] };
  }[];
}

/** A cloud's names are known where DNS_SERVER says, when they are not known to all. */
function named(): { readonly lookup?: LookupFunction } {
  const server = process.env["DNS_SERVER"] ?? "";
  if (server === "") return {};
  const resolver = new Resolver();
  resolver.setServers([server]);
  return {
    lookup(host, _options, found) {
      const addresses = isIP(host) > 0 ? Promise.resolve([host]) : resolver.resolve4(host);
      addresses.then(
        (all) =>
          found(
            null,
            all.map((address) => ({ address, family: 4 })),
          ),
        (error: NodeJS.ErrnoException) => found(error, []),
      );
    },
  };
}

const pem = (text = ""): Buffer => Buffer.from(text, "base64");

/** As any person gets it: by a link that works once. */
async function loginTo(stage: Stage, name: string): Promise<Login> {
  await stage.type(`kubeconfig ${name} --role admin`);
  const [path] = /\/kubeconfig\/[a-z0-9]{43}/.exec(await stage.said(new RegExp(`kubeconfig for \\*${name}\\*`))) ?? [];
  const answer = await fetch(`${stage.url}${path}`, { method: "POST" });
  if (!answer.ok) throw new Error(`the link gave ${answer.status}`);
  return parse(await answer.text()) as Login;
}

function get<T>({ clusters, users }: Login, path: string): Promise<T> {
  const [{ cluster } = { cluster: {} }] = clusters;
  const [{ user } = { user: {} }] = users;
  const servername = cluster["tls-server-name"];
  const options = {
    ca: pem(cluster["certificate-authority-data"]),
    cert: pem(user["client-certificate-data"]),
    key: pem(user["client-key-data"]),
    ...(servername === undefined ? {} : { servername }),
    ...named(),
  };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, cluster["server"]), options, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("end", () => resolve(JSON.parse(text) as T));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** When each of the cluster's nodes became Ready, by the API server's own clock in whole seconds. Keys are host names. */
export async function nodesReadyMs(stage: Stage, name: string): Promise<ReadonlyMap<string, number>> {
  const { items } = await get<NodeList>(await loginTo(stage, name), "/api/v1/nodes");
  return new Map(
    items.map(({ metadata, status }) => {
      const ready = status.conditions.find(({ type }) => type === "Ready");
      return [metadata.name, Date.parse(ready?.lastTransitionTime ?? "")] as const;
    }),
  );
}
