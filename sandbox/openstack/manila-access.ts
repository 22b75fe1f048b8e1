import { isAdmin, type World } from "./core.ts";
import { rangeOf } from "./ip.ts";
import { type Json, textAt } from "./json.ts";
import { bad, broken, from, metadataFilter, metadataOf, notFound, since, timeOf } from "./manila-common.ts";
import { findShare, type Share, shareOf } from "./manila-shares.ts";
import type { Handle, SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";
import { TAKES, type Takes } from "./timing.ts";

interface Access extends Row {
  readonly share_id: string;
  readonly access_type: string;
  readonly access_to: string;
  readonly access_level: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created_at: string;
  updated_at: string | null;
  state: string;
}

const LEVELS = ["rw", "ro"];
const MISSING = "NotFound: Resource could not be found.";

const accesses = (world: World) =>
  world.table<Access>("share-access", (row) => ({ name: row.access_to, status: row.state }));
const rulesOf = (world: World, share: string) =>
  accesses(world)
    .all()
    .filter((rule) => rule.share_id === share);

/** Of all rules of a share together. */
export function accessStatus(world: World, share: string): string {
  const states = rulesOf(world, share).map((rule) => rule.state);
  if (states.includes("error")) return "error";
  return states.every((state) => state === "active") ? "active" : "syncing";
}

export function dropRules(world: World, share: string): void {
  for (const rule of rulesOf(world, share)) accesses(world).remove(rule.id);
}

/** A listing shows neither the share, which it is of, nor rows that lag. */
const view = (request: SandboxRequest, row: Access, listed = false): Json => ({
  id: row.id,
  ...(listed ? {} : { share_id: row.share_id }),
  access_level: row.access_level,
  access_to: row.access_to,
  access_type: row.access_type,
  state: row.state,
  ...since(request, "2.21", { access_key: null }),
  ...since(request, "2.33", { created_at: row.created_at, updated_at: row.updated_at }),
  ...since(request, "2.45", { metadata: row.metadata }),
});

const IPV6 = /^[0-9a-f:]*:[0-9a-f:.]*(\/\d{1,3})?$/i;

function checkAddress(to: string): void {
  if (IPV6.test(to)) return;
  const range = rangeOf(to);
  if (range === undefined) throw bad(`'${to}' does not appear to be an IPv4 or IPv6 network`);
  if (to.includes("/") && rangeOf(to.split("/")[0] ?? "")?.first !== range.first) throw bad(`${to} has host bits set`);
}

function checkClient(type: string, to: string): void {
  if (type === "ip") checkAddress(to);
  if (type === "cephx" && to.includes(".")) throw bad("Ceph IDs may not contain periods.");
  if (type === "cephx" && to === "") throw bad("Ceph IDs may not be empty.");
  if (type === "user" && !/^.[^"/\\[\]:;|=,+*?<>]{3,254}/.test(to)) {
    const form = "Must be 4-255 characters and consist of alphanumeric characters and exclude special characters";
    throw bad(`Invalid user or group name. ${form} "/\\[]:;|=,+*?<>`);
  }
  if (type === "cert" && (to.trim() === "" || to.trim().length > 64))
    throw bad("Invalid CN (common name). Must be 1-64 chars long.");
  if (!["ip", "cephx", "user", "cert"].includes(type))
    throw bad("Only 'ip', 'user', 'cert' or 'cephx' access types are supported.");
}

const sameClient = (type: string, a: string, b: string): boolean => {
  const [first, second] = [rangeOf(a), rangeOf(b)];
  if (type !== "ip" || first === undefined || second === undefined) return a === b;
  return first.first === second.first && first.bits === second.bits;
};

const checkStatus = (share: Share, verb: string, states: readonly string[], or = "or ") => {
  if (states.includes(share.status) && share.host !== null) return;
  const why = `while the share${or}any of its replicas or migration copies lacks a valid host or is in an invalid state.`;
  throw bad(`${verb} ${why}`);
};

/** A driver that exports NFS knows addresses, and one that exports CIFS knows users. */
const supported = (share: Share, type: string): boolean => type === (share.share_proto === "NFS" ? "ip" : "user");

export function allowAccess(world: World, request: SandboxRequest, id: string, asked: Json): Json {
  const share = findShare(world, request, id, MISSING);
  const { access_type: type, access_to: to } = asked;
  if (typeof type !== "string" || typeof to !== "string") throw broken();
  checkClient(type, to);
  const level = textAt(asked, "access_level") ?? "rw";
  if (!LEVELS.includes(level)) throw bad(`Invalid access rule: Invalid share access level: ${level}.`);
  const metadata = metadataOf(since(request, "2.45", asked)["metadata"]);
  if (rulesOf(world, id).some((rule) => rule.access_type === type && sameClient(type, rule.access_to, to)))
    throw bad(`Share access ${type}:${to} exists.`);
  checkStatus(share, "New access rules cannot be applied", ["available"], " or ");
  const row = accesses(world).add({
    id: world.uuid(),
    project_id: share.project_id,
    share_id: id,
    access_type: type,
    access_to: to,
    access_level: level,
    metadata,
    created_at: timeOf(world.nowMs()),
    updated_at: null,
    state: "queued_to_apply",
  });
  step(world, row.id, "queued_to_apply", "applying", (rule) => {
    const fails = !supported(share, type) || world.faults.broken("share-access", to) !== undefined;
    rule.state = fails ? "error" : "active";
  });
  return { access: view(request, row) };
}

/** Two steps, each only if nothing else has become of the rule in the meantime. */
function step(world: World, id: string, from: string, to: string, finish: (rule: Access) => void): void {
  const next = (ms: Takes, state: string, run: (rule: Access) => void) =>
    world.later(world.takes(ms), () => {
      const rule = accesses(world).get(id);
      if (rule?.state !== state) return;
      rule.updated_at = timeOf(world.nowMs());
      run(rule);
    });
  next(TAKES.accessQueued, from, (rule) => {
    rule.state = to;
    next(TAKES.accessApplied, to, finish);
  });
}

export function denyAccess(world: World, request: SandboxRequest, id: string, asked: Json): void {
  const wanted = textAt(asked, "access_id");
  if (wanted === undefined) throw broken();
  const share = findShare(world, request, id, MISSING);
  const row = accesses(world).get(wanted);
  if (row?.share_id !== id) throw notFound("Resource could not be found.");
  checkStatus(share, "Access rules cannot be denied", ["available"], ", ");
  if (row.state === "queued_to_deny" || row.state === "denying") return;
  row.state = "queued_to_deny";
  step(world, row.id, "queued_to_deny", "denying", (rule) => void accesses(world).remove(rule.id));
}

export function accessRoutes(world: World): Readonly<Record<string, Handle>> {
  return {
    "GET /v2/share-access-rules": from("2.45", (request) => {
      const id = request.query.get("share_id");
      if (id === null) throw bad("The field 'share_id' has to be specified.");
      if (shareOf(world, request, id) === undefined) throw bad(`Share ${id} not found.`);
      const carries = metadataFilter(request);
      const rules = accesses(world)
        .listed()
        .filter((rule) => rule.share_id === id && carries(rule.metadata))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return { status: 200, body: { access_list: rules.map((rule) => view(request, rule, true)) } };
    }),
    "GET /v2/share-access-rules/:id": from("2.45", (request, { id = "" }) => {
      const rule = accesses(world).get(id, isAdmin(request) ? undefined : request.project);
      if (rule === undefined) throw notFound(`Share access rule ${id} not found.`);
      return { status: 200, body: { access: view(request, rule) } };
    }),
  };
}
