import type { Sandbox } from "../../sandbox/openstack/index.ts";
import type { Item } from "../../sandbox/openstack/table.ts";
import { type ClusterRecord, clusterRecord } from "../../shared/cluster/record.ts";
import { request as requestSchema } from "../../shared/cluster/request.ts";
import type { HttpRequest, HttpResponse } from "../../shared/openstack/send.ts";
import { readerOf } from "../../shared/state/documents.ts";
import type { Approvals } from "./approvals.ts";

const requestIn = readerOf(requestSchema);
const recordIn = readerOf(clusterRecord);

/** Beginnings of all that is secret here: passwords, payloads, tokens. */
const SECRETS = /s3cr3t|gAAAAA/;
const CLUSTER = /k[a-z0-9]{9}(?![a-z0-9])/g;
const GOING = /error|delet|denying|deny/i;
export const PROJECTS = ["team-a", "team-b"] as const;

export interface Known {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
}

/** Looks at every effect, and says what must not be. */
export interface Watch {
  words(where: string, text: string): void;
  stored(key: string, value: string): Promise<void>;
  sending(request: HttpRequest): Promise<void>;
  sent(request: HttpRequest, answer: HttpResponse, project: string): Promise<void>;
  /** From now on nobody may touch these. */
  guard(items: readonly Item[]): void;
  isStrange(item: Item): boolean;
  /** Whose each thing is, by id: a cluster's, or nobody's of ours. */
  ownerOf(item: Item): string | undefined;
  /** The newest record of every cluster that there ever was. */
  readonly records: ReadonlyMap<string, ClusterRecord>;
}

const changes = (request: HttpRequest): boolean =>
  !["GET", "HEAD"].includes(request.method) && !request.url.endsWith("/auth/tokens");

const isGoing = ({ status, fields }: Item): boolean =>
  GOING.test(status) || GOING.test(`${fields["provisioning_status"]} ${fields["task_state"]} ${fields["state"]}`);

const keyOf = ({ type, id }: Item): string => `${type} ${id}`;

/** What is not ours stays as it is. */
function guard(sandbox: Sandbox, fail: (what: string) => void) {
  const rows = new Map<string, string>();
  return {
    has: (item: Item): boolean => rows.has(keyOf(item)),
    add(items: readonly Item[]): void {
      for (const item of items) rows.set(keyOf(item), JSON.stringify(item.fields));
    },
    look(): void {
      if (rows.size === 0) return;
      const now = new Map(
        PROJECTS.flatMap((project) => sandbox.everything(project)).map((item) => [keyOf(item), item]),
      );
      for (const [key, before] of rows) {
        const item = now.get(key);
        if (item === undefined) fail(`${key}, which is a stranger's, is gone`);
        else if (JSON.stringify(item.fields) !== before)
          fail(`${key}, which is a stranger's, was changed: ${before} -> ${JSON.stringify(item.fields)}`);
      }
    },
  };
}

export function watch(outside: {
  readonly sandbox: Sandbox;
  readonly approvals: Approvals;
  nowMs(): number;
  fail(what: string): void;
  /** A cluster's id is seen for the first time. */
  born(cluster: Known): Promise<void>;
}): Watch {
  const { sandbox, approvals, fail, nowMs } = outside;
  const records = new Map<string, ClusterRecord>();
  const owners = new Map<string, string | undefined>();
  const strange = guard(sandbox, fail);
  const idsIn = (text: string) => [...new Set(text.match(CLUSTER) ?? [])].filter((id) => records.has(id));

  function ownerOf(item: Item): string | undefined {
    const key = `${item.type} ${item.id}`;
    const known = owners.get(key);
    if (known !== undefined) return known;
    if (strange.has(item)) return undefined;
    const [named] = idsIn(`${item.name} ${item.description}`);
    if (named !== undefined) owners.set(key, named);
    else if (!owners.has(key)) owners.set(key, idsIn(JSON.stringify(item.fields))[0]);
    return owners.get(key);
  }

  function look(project: string): void {
    const seen = new Map<string, string>();
    for (const item of sandbox.everything(project)) {
      const key = `${item.type} ${item.id}`;
      const owner = ownerOf(item);
      if (owner === undefined) continue;
      const record = records.get(owner);
      if (record?.tenant !== project) fail(`${key} of ${record?.tenant} is in ${project}`);
      if (isGoing(item)) continue;
      const step = `${item.type} ${owner} ${item.name || item.description}`;
      const other = seen.get(step);
      if (other !== undefined) fail(`there are two of ${step}: ${other} and ${item.id}`);
      seen.set(step, item.id);
    }
    strange.look();
  }

  return {
    records,
    ownerOf,
    isStrange: strange.has,
    words(where, text) {
      const secret = SECRETS.exec(text);
      if (secret !== null)
        fail(`a secret is in ${where}: …${text.slice(Math.max(0, secret.index - 40), secret.index)}…`);
    },
    async stored(key, value) {
      this.words(`the store at ${key}`, value);
      if (key.startsWith("request/")) {
        const wrong = approvals.request(requestIn({ key, value, version: "" }));
        if (wrong !== undefined) fail(wrong);
      }
      if (!key.startsWith("cluster/")) return;
      const record = recordIn({ key, value, version: "" });
      const isNew = !records.has(record.id);
      records.set(record.id, record);
      const wrong = approvals.cluster(record, nowMs());
      if (wrong !== undefined) fail(wrong);
      if (isNew) await outside.born({ id: record.id, tenant: record.tenant, name: record.spec.name });
    },
    async sending(request) {
      if (!changes(request)) return;
      const words = `${request.url} ${request.body ?? ""}`;
      const ids = new Set(idsIn(words));
      for (const [key, owner] of owners) {
        const id = key.split(" ")[1] ?? "";
        if (owner !== undefined && request.url.includes(id)) ids.add(owner);
      }
      for (const id of ids) {
        const record = records.get(id);
        if (!approvals.mayWrite(id)) fail(`${request.method} ${request.url} for ${id} before its approval`);
        const drops = request.method === "DELETE" && /\/shares\/[^/]+$/.test(request.url);
        if (drops && record?.wish === "absent" && record.keepData) fail(`the data of ${id} is deleted`);
      }
    },
    async sent(request, answer, project) {
      // A call makes and changes nothing in any project but its token's.
      if (changes(request) && answer.status < 300) look(project);
    },
    guard: strange.add,
  };
}
