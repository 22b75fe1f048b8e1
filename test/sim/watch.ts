import type { Sandbox } from "../../sandbox/openstack/index.ts";
import type { Item } from "../../sandbox/openstack/table.ts";
import { type ClusterRecord, clusterRecord } from "../../shared/cluster/record.ts";
import { request as requestSchema } from "../../shared/cluster/request.ts";
import type { HttpRequest, HttpResponse } from "../../shared/openstack/send.ts";
import { readerOf } from "../../shared/state/documents.ts";
import type { Approvals } from "./approvals.ts";
import { ofRecord, ofRequest } from "./features.ts";
import { guard, keyOf } from "./guard.ts";

const requestIn = readerOf(requestSchema);
const recordIn = readerOf(clusterRecord);

/** Beginnings of all that is secret here: passwords, payloads, tokens. */
const SECRETS = ["s3cr3t", "gAAAAA"] as const;
const CLUSTER = /k[a-z0-9]{9}(?![a-z0-9])/g;
/** Services' own; Keystone's have no dashes. */
const ID = /[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/g;
/** Made by controllers in the clusters, who may make two where a listing is behind. */
const THEIRS = /kube_(service|ingress)_/;
const GOING = /error|delet|denying|deny/i;
export const PROJECTS = ["team-a", "team-b"] as const;
/**
 * What is new is looked at after each change, and what is not ours when a call names it. Whatever else a change may have moved is
 * seen every so many changes, and at the end.
 */
const LOOK_ALL_EVERY = 64;
/** Records that are taken apart as another version of the bot would. */
const READ_EVERY = 64;

export interface Known {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
}

/** Looks at every effect, and says what must not be. */
export interface Watch {
  words(where: string, text: string): void;
  stored(key: string, value: string): Promise<void>;
  sending(request: HttpRequest): void;
  sent(request: HttpRequest, answer: HttpResponse): void;
  /** Everything once more. */
  look(): void;
  /** From now on nobody may touch these. */
  guard(items: readonly Item[]): void;
  isStrange(item: Item): boolean;
  /** Whose each thing is, by id: a cluster's, or nobody's of ours. */
  ownerOf(item: Item): string | undefined;
  /** The newest record of every cluster that there ever was. */
  readonly records: ReadonlyMap<string, ClusterRecord>;
  /** What has happened so far, in words. */
  readonly seen: ReadonlySet<string>;
}

const changes = (request: HttpRequest): boolean =>
  !["GET", "HEAD"].includes(request.method) && !request.url.endsWith("/auth/tokens");

const isGoing = ({ status, fields }: Item): boolean =>
  GOING.test(status) || GOING.test(`${fields["provisioning_status"]} ${fields["task_state"]} ${fields["state"]}`);

/** Whose is what, and that each of it exists once, in its tenant's project. */
function places(
  sandbox: Sandbox,
  records: ReadonlyMap<string, ClusterRecord>,
  fail: (what: string) => void,
  isStrange: (item: Item) => boolean,
) {
  const owners = new Map<string, string>();
  const byId = new Map<string, string>();
  const asked = new Set<string>();
  const steps = new Map<string, Map<string, Item>>();
  const projects = new Map([...PROJECTS, "admin"].map((name) => [sandbox.project(name).id, name]));
  const idsIn = (text: string) => [...new Set(text.match(CLUSTER) ?? [])].filter((id) => records.has(id));

  /** A share that came late beside one that is kept: no data is deleted where somebody wants to keep it. */
  function staysWhole({ type }: Item, owner: string): boolean {
    const { wish, keepData } = records.get(owner) ?? {};
    return type === "share" && wish === "absent" && keepData === true;
  }

  function ownerOf(item: Item): string | undefined {
    const key = keyOf(item);
    const known = owners.get(key);
    if (known !== undefined || isStrange(item)) return known;
    const [named] = idsIn(`${item.name} ${item.description}`);
    // Of what has no name, once: where else its words come from, they come with it.
    const owner = named ?? (asked.has(key) ? undefined : idsIn(JSON.stringify(item.fields))[0]);
    asked.add(key);
    if (owner === undefined) return undefined;
    owners.set(key, owner);
    byId.set(item.id, owner);
    return owner;
  }

  function look(item: Item): void {
    const owner = ownerOf(item);
    const project = projects.get(String(item.fields["project_id"]));
    if (owner === undefined || project === undefined) return;
    const tenant = records.get(owner)?.tenant;
    if (tenant !== project) fail(`${keyOf(item)} of ${tenant} is in ${project}`);
    if (isGoing(item) || THEIRS.test(`${item.name} ${item.description}`)) return;
    // Every load balancer of a cluster has members of the same names.
    const step = `${item.type} ${owner} ${item.name || item.description} ${item.fields["pool"] ?? ""}`.trim();
    const those = steps.get(step) ?? new Map<string, Item>();
    steps.set(step, those.set(item.id, item));
    for (const { type, id } of those.values()) {
      if (id === item.id) continue;
      const other = sandbox.item(type, id);
      if (other === undefined || isGoing(other)) those.delete(id);
      else if (!staysWhole(item, owner)) fail(`there are two of ${step}: ${id} and ${item.id}`);
    }
  }

  return { ownerOf, idsIn, ownerOfId: (id: string) => byId.get(id), look };
}

export function watch(outside: {
  readonly sandbox: Sandbox;
  readonly approvals: Approvals;
  fail(what: string): void;
  /** A cluster's id is seen for the first time. */
  born(cluster: Known): Promise<void>;
}): Watch {
  const { sandbox, approvals, fail } = outside;
  const records = new Map<string, ClusterRecord>();
  const strange = guard(sandbox, fail);
  const place = places(sandbox, records, fail, strange.has);
  let fresh: (readonly [type: string, id: string])[] = [];
  let changed = 0;
  let written = 0;
  const seen = new Set<string>();
  const see = (words: readonly string[]): void => {
    for (const one of words) seen.add(one);
  };
  sandbox.onNew((type, id) => fresh.push([type, id]));

  function look(): void {
    for (const project of PROJECTS) for (const item of sandbox.everything(project)) place.look(item);
    strange.look();
  }

  return {
    records,
    seen,
    ownerOf: place.ownerOf,
    isStrange: strange.has,
    look,
    words(where, text) {
      const at = Math.max(...SECRETS.map((secret) => text.indexOf(secret)));
      if (at >= 0) fail(`a secret is in ${where}: …${text.slice(Math.max(0, at - 40), at)}…`);
    },
    async stored(key, value) {
      this.words(`the store at ${key}`, value);
      if (key.startsWith("request/")) {
        const request = requestIn({ key, value, version: "" });
        see(ofRequest(request));
        const wrong = approvals.request(request);
        if (wrong !== undefined) fail(wrong);
      }
      if (!key.startsWith("cluster/")) return;
      // What its writer knows need not be read to be believed; now and then it is.
      written += 1;
      if (written % READ_EVERY === 0) clusterRecord.parse(JSON.parse(value));
      const record = recordIn({ key, value, version: "" });
      see(ofRecord(record, records.get(record.id)));
      const isNew = !records.has(record.id);
      records.set(record.id, record);
      const wrong = approvals.cluster(record);
      if (wrong !== undefined) fail(wrong);
      if (isNew) await outside.born({ id: record.id, tenant: record.tenant, name: record.spec.name });
    },
    sending(request) {
      if (!changes(request)) return;
      const ids = new Set(place.idsIn(`${request.url} ${request.body ?? ""}`));
      for (const id of request.url.match(ID) ?? []) {
        const owner = place.ownerOfId(id);
        if (owner !== undefined) ids.add(owner);
      }
      for (const id of ids) {
        const record = records.get(id);
        if (!approvals.mayWrite(id)) fail(`${request.method} ${request.url} for ${id} before its approval`);
        const drops = request.method === "DELETE" && /\/shares\/[^/]+$/.test(request.url);
        if (drops && record?.wish === "absent" && record.keepData) fail(`the data of ${id} is deleted`);
      }
    },
    sent(request, answer) {
      if (!changes(request) || answer.status >= 300) return;
      const arrived = fresh;
      fresh = [];
      for (const [type, id] of arrived) {
        const item = sandbox.item(type, id);
        if (item === undefined) continue;
        place.look(item);
        if (place.ownerOf(item) !== undefined) see([`a ${type} is made`]);
      }
      changed += 1;
      if (changed % LOOK_ALL_EVERY === 0) return look();
      if (strange.some(`${request.url} ${request.body ?? ""}`.match(ID) ?? [])) strange.look();
    },
    guard: strange.add,
  };
}
