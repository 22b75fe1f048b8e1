import { applied, tracked } from "./apply.ts";
import { misfits } from "./checks.ts";
import { bodyOf, objectOf, shapeOf, yamlIn } from "./decode.ts";
import { type Setting, setDefaults } from "./defaults.ts";
import { builtIn } from "./kinds.ts";
import { equal, type Fields, type Obj } from "./object.ts";
import { jsonPatch, mergePatch, strategicPatch } from "./patch.ts";
import { isObject, seenAs } from "./read.ts";
import type { Call, Reply } from "./request.ts";
import type { Shape } from "./shape.ts";
import { ApiError, alreadyExists, badRequest, conflict, notFound, STALE, wrongMedia } from "./status.ts";
import { validate } from "./validation.ts";

export type Write = Setting & { readonly token: (length: number) => string };

export const isDry = ({ query }: Call) => query.get("dryRun") === "All";
const writerOf = (call: Call, { nowMs }: Write) => ({
  manager: call.query.get("fieldManager") ?? call.agent,
  subresource: call.sub,
  nowMs,
});

function mustBeOpen({ kind, namespace }: Call, { store }: Write, name: string): void {
  if (namespace === undefined) return;
  const namespaces = builtIn("Namespace");
  const found = store.get(namespaces, undefined, namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const resource = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
  throw new ApiError(403, "Forbidden", `${resource} "${name}" is forbidden: ${why}`, { name, kind: kind.plural });
}

/** Kubelets bring their Node's status along, and nobody else's status counts at a create. */
const KEEPS_STATUS = new Set(["Node"]);

function stored(call: Call, write: Write, object: Obj, shape: Shape): Reply {
  const { kind } = call;
  const { store } = write;
  const made = structuredClone(object);
  delete made.metadata.deletionTimestamp;
  if (kind.sub.includes("status") && !KEEPS_STATUS.has(kind.kind)) delete made["status"];
  if (kind.sub.length > 0 && kind.group !== "certificates.k8s.io") made.metadata.generation = 1;
  setDefaults(made, write);
  validate(kind, shape, made, undefined);
  const { name } = made.metadata;
  mustBeOpen(call, write, name);
  if (store.get(kind, made.metadata.namespace, name) !== undefined) throw alreadyExists(kind, name);
  const now = store.version();
  if (!isDry(call)) return { status: 201, body: seenAs(kind, store.add(kind, made)) };
  const uid = "00000000-0000-4000-8000-000000000000";
  return { status: 201, body: { ...made, metadata: { ...made.metadata, uid, resourceVersion: String(now) } } };
}

export function create(call: Call, write: Write): Reply {
  const shape = shapeOf(call.kind);
  const made = objectOf(call, bodyOf(call), shape);
  const { generateName } = made.metadata;
  if (made.metadata.name === "" && generateName !== undefined) made.metadata.name = generateName + write.token(5);
  if (made.metadata.name === "") throw badRequest("name or generateName is required");
  tracked(undefined, made, shape, writerOf(call, write));
  return stored(call, write, made, shape);
}

const { keys } = Object;
const GENERATION_FIELDS = (of: Obj): Fields =>
  Object.fromEntries(
    keys(of)
      .filter((name) => name !== "metadata" && name !== "status")
      .map((name) => [name, of[name]]),
  );

/** Puts the new state of an object that is there in its place: what a caller may not change stays. */
function replaced(call: Call, write: Write, before: Obj, next: Obj, shape: Shape): Reply {
  const { kind, sub } = call;
  const { uid, resourceVersion } = next.metadata;
  const { name } = before.metadata;
  if (uid !== undefined && uid !== before.metadata.uid)
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
    throw conflict(kind, name, STALE);
  const { creationTimestamp, deletionTimestamp, generation } = before.metadata;
  const fixed = { uid: before.metadata.uid, resourceVersion: before.metadata.resourceVersion, creationTimestamp };
  const whole: Obj = sub === undefined ? { ...next } : { ...before };
  if (sub !== undefined) whole["status"] = next["status"];
  else if (kind.sub.includes("status")) {
    delete whole["status"];
    if (before["status"] !== undefined) whole["status"] = before["status"];
  }
  whole.metadata = { ...(sub === undefined ? next.metadata : before.metadata), ...fixed, name };
  if (next.metadata.managedFields !== undefined) whole.metadata.managedFields = next.metadata.managedFields;
  if (deletionTimestamp === undefined) delete whole.metadata.deletionTimestamp;
  else whole.metadata.deletionTimestamp = deletionTimestamp;
  if (sub === undefined) setDefaults(whole, write);
  if (generation !== undefined)
    whole.metadata.generation = generation + (equal(GENERATION_FIELDS(before), GENERATION_FIELDS(whole)) ? 0 : 1);
  validate(kind, shape, whole, before);
  return { status: 200, body: seenAs(kind, isDry(call) ? whole : write.store.put(kind, whole)) };
}

export function update(call: Call, write: Write): Reply {
  const { kind, namespace, name = "" } = call;
  const shape = shapeOf(kind);
  const next = objectOf(call, bodyOf(call), shape);
  const before = write.store.get(kind, namespace, name);
  if (before === undefined) throw notFound(kind, name);
  tracked(before, next, shape, writerOf(call, write));
  return replaced(call, write, before, next, shape);
}

const APPLY = ["application/apply-patch+yaml", "application/apply-patch+json"];
const PATCHES: Readonly<Record<string, (target: Obj, patch: unknown, shape: Shape) => unknown>> = {
  "application/json-patch+json": jsonPatch,
  "application/merge-patch+json": mergePatch,
  "application/strategic-merge-patch+json": strategicPatch,
};

function apply(call: Call, write: Write, shape: Shape): Reply {
  const { kind, namespace, name = "", query } = call;
  const config = yamlIn(call.body);
  if (query.get("fieldManager") === null)
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  if (!isObject(config)) throw badRequest("error decoding YAML: Object 'Kind' is missing");
  const [strange] = misfits(config, shape);
  if (strange !== undefined) {
    const id = `${namespace === undefined ? "" : namespace}/${name}; ${config.apiVersion}, Kind=${config.kind}`;
    const { path, expected, got } = strange;
    const why = expected === undefined ? "field not declared in schema" : `expected ${expected}, got &{${got}}`;
    throw new ApiError(500, "", `failed to create typed patch object (${id}): .${path}: ${why}`);
  }
  const wanted = objectOf(call, config, shape);
  if (wanted.metadata.managedFields !== undefined) throw badRequest("metadata.managedFields must be nil");
  const live = write.store.get(kind, namespace, name);
  if (live === undefined && wanted.metadata.uid !== undefined)
    throw conflict(kind, name, "uid mismatch: the provided object specified a uid, and no existing object was found");
  const made = applied(live, wanted, shape, writerOf(call, write), query.get("force") === "true");
  if (live === undefined) return stored(call, write, made, shape);
  return replaced(call, write, live, made, shape);
}

export function patch(call: Call, write: Write): Reply {
  const { kind, namespace, name = "" } = call;
  const type = call.contentType.split(";")[0]?.trim() ?? "";
  const shape = shapeOf(kind);
  if (APPLY.includes(type)) return apply(call, write, shape);
  const change = PATCHES[type];
  const strategic = type.startsWith("application/strategic");
  if (change === undefined || (strategic && kind.schema !== undefined))
    throw wrongMedia([...Object.keys(PATCHES).filter((one) => !strategic || !one.includes("strategic")), ...APPLY]);
  const before = write.store.get(kind, namespace, name);
  if (before === undefined) throw notFound(kind, name);
  const next = objectOf(call, change(before, bodyOf(call), shape), shape);
  tracked(before, next, shape, writerOf(call, write));
  return replaced(call, write, before, next, shape);
}
