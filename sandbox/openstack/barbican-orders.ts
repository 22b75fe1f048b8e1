import { jsonBody, mismatch, newSecret, quoted, timeOf } from "./barbican-checks.ts";
import { byId, list } from "./barbican-list.ts";
import { type Payloads, room, secretRef, secretsOf } from "./barbican-secrets.ts";
import { rootOf, type World } from "./core.ts";
import { type Json, jsonAt, numberAt, textAt } from "./json.ts";
import { python } from "./nova-schema.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row, Table } from "./table.ts";
import { TAKES } from "./timing.ts";

export interface Order extends Row {
  readonly type: string;
  readonly meta: Json;
  readonly creator_id: string;
  readonly created: string;
  updated: string;
  status: string;
  /** It stays when the secret goes. */
  secret: string | undefined;
  error: { readonly code: string; readonly reason: string } | undefined;
}

/** The lab's Barbican has no queue and answers when the key is made; where there is a queue it takes a moment. */
const TYPES = ["key", "asymmetric"];
const ALGORITHMS = ["aes", "des", "3des", "hmacsha1", "hmacsha256", "hmacsha384", "hmacsha512"];
const KEY_BITS = [64, 128, 192, 256];
/** Of the plugin that makes keys: it knows the algorithm but not this size, or not even that. */
const FAILED = "Process TypeOrder failure seen - please contact site administrator.";
const UNSUPPORTED = "Process TypeOrder issue seen - Secret generate supported plugin not found..";

const ordersOf = (world: World): Table<Order> =>
  world.table<Order>("order", (row) => ({ name: textAt(row.meta, "name") ?? "" }));
export const countOrders = (world: World, project: string): number => ordersOf(world).all(project).length;

const orderRef = (request: SandboxRequest, id: string): string => `${rootOf(request, "key-manager")}/v1/orders/${id}`;

const view = (request: SandboxRequest, row: Order): Json => ({
  created: row.created,
  updated: row.updated,
  status: row.status,
  type: row.type,
  meta: row.meta,
  ...(row.status === "ACTIVE" ? { sub_status: "Unknown", sub_status_message: "Unknown" } : {}),
  ...(row.error === undefined ? {} : { error_status_code: row.error.code, error_reason: row.error.reason }),
  creator_id: row.creator_id,
  ...(row.secret === undefined ? {} : { secret_ref: secretRef(request, row.secret) }),
  order_ref: orderRef(request, row.id),
});

function keyOf(world: World, bits: number): Buffer {
  const bytes = Buffer.from(`${world.hex()}${world.hex()}`, "hex").subarray(0, Math.ceil(bits / 8));
  // Random bytes are as good as never a text, and a text is what Barbican would then hand out.
  bytes[0] = 0xff;
  return bytes;
}

function make(world: World, row: Order, payloads: Payloads): void {
  const { meta } = row;
  const name = textAt(meta, "name") ?? null;
  row.updated = timeOf(world.nowMs());
  const algorithm = textAt(meta, "algorithm") ?? null;
  const bits = numberAt(meta, "bit_length") ?? 0;
  const factor = textAt(meta, "mode")?.toLowerCase() === "xts" ? 2 : 1;
  const known = row.type === "key" && ALGORITHMS.includes(algorithm?.toLowerCase() ?? "");
  const broken = world.faults.broken("order", name ?? "");
  const error = !known
    ? { code: "400", reason: UNSUPPORTED }
    : broken !== undefined || !KEY_BITS.includes(bits / factor)
      ? { code: "500", reason: broken ?? FAILED }
      : undefined;
  if (error !== undefined) {
    Object.assign(row, { status: "ERROR", error });
    return;
  }
  const secret = secretsOf(world).add({
    id: world.uuid(),
    project_id: row.project_id,
    name,
    secret_type: "symmetric",
    algorithm,
    bit_length: bits,
    mode: textAt(meta, "mode") ?? null,
    expiration: textAt(meta, "expiration") ?? null,
    creator_id: row.creator_id,
    created: row.updated,
    updated: row.updated,
    status: "ACTIVE",
    content_type: "application/octet-stream",
  });
  payloads.set(secret.id, keyOf(world, bits));
  Object.assign(row, { status: "ACTIVE", secret: secret.id });
}

function metaOf(world: World, asked: Json): Json {
  const meta = jsonAt(asked, "meta");
  if (!("meta" in asked)) throw mismatch("Order", "'meta' is a required property", "meta");
  if (!("type" in asked)) throw mismatch("Order", "'type' is a required property", "type");
  const type = textAt(asked, "type") ?? "";
  if (!TYPES.includes(type)) throw mismatch("Order", `'${type}' is not one of ${quoted(TYPES)}`, "type");
  if (meta === undefined) throw mismatch("Order", `${python(asked["meta"])} is not of type 'object'`, "meta");
  const { name, expiration } = newSecret(meta, world.nowMs(), "Order");
  const words = type === "key" ? "key" : "asymmetric key";
  if ("payload" in meta) throw mismatch("Order", `'payload' not allowed for ${type} type order`, "meta");
  for (const key of ["algorithm", "bit_length"])
    if (!meta[key]) throw mismatch("Order", `'${key}' is required field for ${words} type order`, "meta");
  if ((numberAt(meta, "bit_length") ?? 0) % 8 !== 0) throw new Fault(400, "Provided field value is not supported");
  return { ...meta, name, expiration };
}

function create(world: World, request: SandboxRequest, payloads: Payloads): string {
  const asked = jsonBody(request, "Order");
  const meta = metaOf(world, asked);
  room(world, request, "orders", "Order");
  const now = timeOf(world.nowMs());
  const row = ordersOf(world).add({
    id: world.uuid(),
    project_id: request.project,
    type: textAt(asked, "type") ?? "",
    meta,
    creator_id: request.user,
    created: now,
    updated: now,
    status: "PENDING",
    secret: undefined,
    error: undefined,
  });
  world.later(world.takes(TAKES.orderMade), () => {
    if (ordersOf(world).get(row.id) !== undefined) make(world, row, payloads);
  });
  return orderRef(request, row.id);
}

export function orderRoutes(world: World, payloads: Payloads): Readonly<Record<string, Handle>> {
  const find = (request: SandboxRequest, id: string): Order => {
    const row = ordersOf(world).get(id, request.project);
    if (row === undefined) throw new Fault(404, "Order not found.");
    return row;
  };
  return {
    "GET /v1/orders": (request) => {
      const rows = byId(ordersOf(world).listed(request.project));
      return { status: 200, body: list(world, request, "orders", rows, (row) => view(request, row)) };
    },
    "POST /v1/orders": (request) => {
      const ref = create(world, request, payloads);
      return { status: 202, body: { order_ref: ref }, headers: { location: ref } };
    },
    "GET /v1/orders/:id": (request, { id = "" }) => ({ status: 200, body: view(request, find(request, id)) }),
    "DELETE /v1/orders/:id": (request, { id = "" }) => {
      ordersOf(world).remove(find(request, id).id);
      return { status: 204 };
    },
  };
}
