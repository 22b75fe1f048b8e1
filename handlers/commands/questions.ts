import { isClusterName } from "../../shared/cluster/spec.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { adviceFor } from "../args.ts";
import { askCloud, enqueued } from "../asking.ts";
import { command } from "../command.ts";
import { noSuchCluster } from "../names.ts";
import { clustersOf } from "../records.ts";
import { refused } from "../views/answers.ts";
import { listMessage, statusMessage } from "../views/list.ts";
import { code, small } from "../views/text.ts";

export const list = command({
  name: "list",
  summary: "All clusters of this team",
  example: "list",
  args: {},
  async run(_, caller, deps) {
    const hidden: string[] = [];
    const records = await clustersOf(deps, caller.tenant, (name) => void hidden.push(name));
    return listMessage(caller.tenant, records, deps.clock.nowMs(), hidden);
  },
});

export const status = command({
  name: "status",
  summary: "How one cluster stands, summed up; then what the cloud says of it now",
  example: "status dev",
  args: { name: { type: "name", place: "required", help: "the cluster" } },
  async run({ name }, caller, deps) {
    const record = await clusters(deps.store).get(`${caller.tenant}/${name}`);
    if (record === undefined) return noSuchCluster(deps, caller.tenant, name);
    const said = statusMessage(record, await requests(deps.store).get(record.request), deps.clock.nowMs());
    // What is known is said at once; what the cloud says follows, where there is anything in it.
    if (record.status.phase === "requested") return said;
    const untold = await enqueued(deps, caller, { what: "status", name, id: record.id });
    const more = untold?.blocks ?? [small("What the cloud says of it now follows in some seconds")];
    return { ...said, blocks: [...said.blocks, ...more] };
  },
});

const one = { type: "name", place: "required", help: "the cluster" } as const;
const maybe = { type: "name", place: "optional", help: "the cluster; all of the team's if left out" } as const;

export const lb = command({
  name: "lb",
  summary: "Load balancers and their members, read live from the cloud",
  example: "lb dev",
  args: {
    name: maybe,
    only: { type: "word", place: "optional", label: "LB", help: "everything about this one: `api`, `default/shop`" },
  },
  run: async ({ name, only }, caller, deps) => {
    const asked = { what: "lb" as const, ...(name === undefined ? {} : { name }) };
    return (await askCloud(deps, caller, only === undefined ? asked : { ...asked, only })).said;
  },
});

/** `shop.apps.dev.k8s.example.org`, with or without the dot at its end. */
const HOST_NAME = /^(?=.{1,254}$)(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$/;

export const dns = command({
  name: "dns",
  summary: "DNS names wanted, found and looked up, read live from the cloud",
  example: "dns dev",
  args: {
    about: {
      type: "word",
      place: "optional",
      label: "NAME|FQDN",
      help: "the cluster, or one name in full; all of the team's clusters if left out",
    },
  },
  run: async ({ about }, caller, deps) => {
    if (about === undefined) return (await askCloud(deps, caller, { what: "dns" })).said;
    if (isClusterName(about)) return (await askCloud(deps, caller, { what: "dns", name: about })).said;
    const only = about.toLowerCase();
    if (HOST_NAME.test(only)) return (await askCloud(deps, caller, { what: "dns", only })).said;
    const host = code("/k8s dns shop.apps.dev.k8s.example.org");
    return refused(`${adviceFor({ type: "name", help: "" }, about)} Or write a name in full: ${host}.`);
  },
});

/** Questions about one cluster that need no more than its name. */
const about = (what: "storage" | "kms" | "nodes" | "events", summary: string) =>
  command({
    name: what,
    summary,
    example: `${what} dev`,
    args: { name: one },
    run: async ({ name }, caller, deps) => (await askCloud(deps, caller, { what, name })).said,
  });

export const nodes = about("nodes", "Servers beside Kubernetes nodes, and why one is not Ready");
export const storage = about("storage", "Shared storage, what was claimed, and the room that is left");
export const kms = about("kms", "The encryption key, secrets and logins: there, private, and until when");
export const events = about("events", "The last operation: its steps, and failed calls with their request ids");
