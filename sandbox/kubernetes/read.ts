import { at, isJson } from "../openstack/json.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import { type Obj, textsIn } from "./object.ts";
import type { Call, Reply } from "./request.ts";
import { fieldTest, labelTest } from "./selectors.ts";
import { badRequest, expired, notFound } from "./status.ts";
import type { Change, Store } from "./store.ts";
import { tableOf } from "./tables.ts";

const wantsTable = ({ accept }: Call) => /as=Table/.test(accept);

function testOf({ kind, query }: Call): (of: Obj) => boolean {
  const labels = labelTest(query.get("labelSelector") ?? "");
  const fields = fieldTest(kind.kind, query.get("fieldSelector") ?? "");
  return (of) => labels(textsIn(of.metadata.labels)) && fields(of);
}

/** The version that was asked for, whichever is stored. */
export const seenAs = (kind: Kind, of: Obj): Obj => ({ ...of, apiVersion: apiVersionOf(kind) });

function shown(call: Call, objects: readonly Obj[], metadata: unknown, nowMs: number): unknown {
  const whole = call.query.get("includeObject") === "Object";
  return tableOf(
    call.kind,
    objects.map((one) => seenAs(call.kind, one)),
    nowMs,
    metadata,
    whole,
  );
}

export function get(store: Store, call: Call, nowMs: number): Reply {
  const { kind, namespace, name = "" } = call;
  const found = store.get(kind, namespace, name);
  if (found === undefined) throw notFound(kind, name);
  if (wantsTable(call))
    return { status: 200, body: shown(call, [found], { resourceVersion: found.metadata.resourceVersion }, nowMs) };
  return { status: 200, body: seenAs(kind, found) };
}

interface Place {
  readonly version: number;
  readonly after: string;
}

function placeOf(token: string): Place {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    const [version, after] = [at(read, "version"), at(read, "after")];
    if (typeof version === "number" && typeof after === "string") return { version, after };
  } catch {}
  throw badRequest("continue key is not valid: the token is not one of this server's");
}

/** A listing's pages are cut from what is there now, and a place that the history no longer reaches is forgotten (410). */
export function list(store: Store, call: Call, nowMs: number): Reply {
  const { kind, namespace, query } = call;
  const limit = Number(query.get("limit") ?? "0");
  const token = query.get("continue") ?? "";
  const from = token === "" ? undefined : placeOf(token);
  if (from !== undefined) {
    try {
      store.since(kind, from.version);
    } catch {
      throw expired("The provided continue parameter is too old to display a consistent list result.");
    }
  }
  const idOf = ({ metadata }: Obj) => `${metadata.namespace ?? ""}/${metadata.name}`;
  const all = store.list(kind, namespace).filter(testOf(call));
  const rest = from === undefined ? all : all.filter((one) => idOf(one) > from.after);
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const last = page.at(-1);
  const version = from?.version ?? store.version();
  const more = rest.length - page.length;
  const next = (of: Obj) => Buffer.from(JSON.stringify({ version, after: idOf(of) })).toString("base64url");
  const metadata = {
    resourceVersion: String(version),
    ...(more > 0 && last !== undefined ? { continue: next(last), remainingItemCount: more } : {}),
  };
  if (wantsTable(call)) return { status: 200, body: shown(call, page, metadata, nowMs) };
  const items = page.map((one) => seenAs(kind, one));
  return { status: 200, body: { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items } };
}

/** Changes as they come, each a line of JSON, until the caller has enough or its time is over. */
export function watch(store: Store, call: Call, nowMs: () => number): Reply {
  const { kind, namespace, name, query } = call;
  const fits = testOf(call);
  const isMine = (of: Obj) =>
    (namespace === undefined || of.metadata.namespace === namespace) &&
    (name === undefined || of.metadata.name === name);
  const asked = query.get("resourceVersion") ?? "";
  const initial = query.get("sendInitialEvents") === "true";
  const past = asked === "" || asked === "0" || initial ? undefined : store.since(kind, Number(asked));
  const seen = new Set<string>();
  function lineOf(type: string, of: Obj): string {
    const metadata = { resourceVersion: of.metadata.resourceVersion };
    const object = wantsTable(call) ? shown(call, [of], metadata, nowMs()) : seenAs(kind, of);
    return `${JSON.stringify({ type, object })}\n`;
  }
  function tell(emit: (line: string) => void, type: string, of: Obj): void {
    if (!isMine(of)) return;
    const [fit, was] = [fits(of), seen.has(of.metadata.uid)];
    if (type !== "DELETED" && fit) {
      seen.add(of.metadata.uid);
      emit(lineOf(was || (past !== undefined && type === "MODIFIED") ? "MODIFIED" : "ADDED", of));
    } else if (was || fit || past !== undefined) {
      seen.delete(of.metadata.uid);
      emit(lineOf("DELETED", of));
    }
  }
  const bookmark = () => {
    const annotations = { "k8s.io/initial-events-end": "true" };
    const metadata = { resourceVersion: String(store.version()), annotations };
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
    return `${JSON.stringify({ type: "BOOKMARK", object })}\n`;
  };
  return {
    status: 200,
    watch(emit) {
      if (past === undefined) for (const one of store.list(kind, namespace)) tell(emit, "ADDED", one);
      else for (const change of past) tell(emit, change.type, change.object);
      if (initial) emit(bookmark());
      const mine = ({ key }: Change) => key === `${kind.group}/${kind.plural}`;
      return store.onChange((change) => mine(change) && tell(emit, change.type, change.object));
    },
    seconds: Number(query.get("timeoutSeconds") ?? "1800"),
  };
}

export const isObject = (value: unknown): value is Obj =>
  isJson(value) && typeof value["kind"] === "string" && typeof value["apiVersion"] === "string";
