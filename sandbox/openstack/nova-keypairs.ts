import { createHash } from "node:crypto";
import { rootOf, type World } from "./core.ts";
import { jsonAt, textAt } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { microseconds } from "./nova-model.ts";
import { all, atMost, bad, notAllowed, notEmpty, object, oneOf, pageOf, type Schema, string } from "./nova-schema.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";

/** A person's, whatever the project: the row is in the project in which it was made. */
interface KeyPair extends Row {
  readonly name: string;
  readonly user_id: string;
  readonly type: string;
  readonly public_key: string;
  readonly fingerprint: string;
  readonly created_ms: number;
  readonly number: number;
}

const NAME_MAX = 255;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const SAFE = `_- 0123456789${LETTERS}${LETTERS.toUpperCase()}`;

function nameSchema(request: SandboxRequest): Schema {
  const safe = atLeast(request, "2.92") ? `@.${SAFE}` : SAFE;
  const fits: Schema = (value) => {
    if ([...String(value)].every((letter) => safe.includes(letter))) return;
    const only = `Only expected characters: [${safe}]`;
    throw bad(`An invalid 'name' value was provided. The name must be: ${only}`);
  };
  return all(string, notEmpty, atMost(NAME_MAX), fits);
}

export const keyPairsOf = (world: World, user: string): readonly KeyPair[] =>
  world
    .table<KeyPair>("key-pair")
    .all()
    .filter((one) => one.user_id === user)
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** MD5 of what is in the middle of `ssh-ed25519 AAAA… comment`. */
function fingerprintOf(key: string): string {
  const [, blob = ""] = key.split(/\s+/);
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(blob)) throw bad("Keypair data is invalid: failed to generate fingerprint");
  const digest = createHash("md5").update(Buffer.from(blob, "base64")).digest("hex");
  return digest.replace(/(..)(?=.)/g, "$1:");
}

function create(world: World, request: SandboxRequest): KeyPair {
  const fields = {
    name: nameSchema(request),
    public_key: string,
    type: all(string, oneOf(["ssh", "x509"])),
    user_id: string,
  };
  const must = atLeast(request, "2.92") ? ["name", "public_key"] : ["name"];
  object({ keypair: object(fields, must) }, ["keypair"])(request.body);
  const asked = jsonAt(request.body, "keypair");
  const user = textAt(asked, "user_id") ?? request.user;
  if (user !== request.user) throw notAllowed("os-keypairs:create");
  const mine = keyPairsOf(world, user);
  const most = world.quotas.limit(request.project, "compute", "key_pairs");
  if (most >= 0 && mine.length >= most) throw new Fault(403, "Quota exceeded, too many key pairs.");
  const key = textAt(asked, "public_key");
  if (key === undefined) throw new Fault(501, "The sandbox takes keys and makes none");
  const fingerprint = fingerprintOf(key);
  const called = textAt(asked, "name") ?? "";
  if (mine.some((one) => one.name === called)) throw new Fault(409, `Key pair '${called}' already exists.`);
  return world.table<KeyPair>("key-pair").add({
    id: world.uuid(),
    project_id: request.project,
    name: called,
    user_id: user,
    type: textAt(asked, "type") ?? "ssh",
    public_key: key,
    fingerprint,
    created_ms: world.nowMs(),
    number: world.table<KeyPair>("key-pair").all().length + 1,
  });
}

const brief = (request: SandboxRequest, { name: called, public_key, fingerprint, type }: KeyPair) => ({
  name: called,
  public_key,
  fingerprint,
  ...(atLeast(request, "2.2") ? { type } : {}),
});

/** Queries were read leniently until 2.75. */
function known(request: SandboxRequest, names: readonly string[]): void {
  const strange = [...request.query.keys()].filter((key) => !names.includes(key));
  if (strange.length === 0 || !atLeast(request, "2.75")) return;
  const list = strange.sort().map((key) => `'${key}'`);
  throw bad(
    `Additional properties are not allowed (${list.join(", ")} ${list.length > 1 ? "were" : "was"} unexpected)`,
  );
}

/** Public keys that servers are made with. */
export function keyPairRoutes(world: World): Readonly<Record<string, Handle>> {
  const find = (request: SandboxRequest, id: string): KeyPair => {
    const found = keyPairsOf(world, request.user).find((one) => one.name === id);
    if (found === undefined) throw new Fault(404, `Keypair ${id} not found for user ${request.user}`);
    return found;
  };
  const path = "/v2.1/os-keypairs";
  return {
    [`GET ${path}`]: (request) => {
      known(request, ["user_id", "limit", "marker"]);
      const marker = request.query.get("marker");
      if (marker !== null && !keyPairsOf(world, request.user).some((one) => one.name === marker))
        throw bad(`Marker ${marker} could not be found.`);
      const rows = keyPairsOf(world, request.user).map((row) => ({ ...row, id: row.name }));
      const view = (row: KeyPair) => ({ keypair: brief(request, row) });
      const of = { key: "keypairs", url: `${rootOf(request, "compute")}${path}`, view };
      return { status: 200, body: pageOf(request, rows, world.options.pageSize, of) };
    },
    [`POST ${path}`]: (request) => {
      const row = create(world, request);
      const status = atLeast(request, "2.2") ? 201 : 200;
      return { status, body: { keypair: { ...brief(request, row), user_id: row.user_id } } };
    },
    [`GET ${path}/:id`]: (request, { id = "" }) => {
      const row = find(request, id);
      const times = { created_at: microseconds(row.created_ms), deleted: false, deleted_at: null, updated_at: null };
      return {
        status: 200,
        body: { keypair: { ...brief(request, row), user_id: row.user_id, id: row.number, ...times } },
      };
    },
    [`DELETE ${path}/:id`]: (request, { id = "" }) => {
      world.table<KeyPair>("key-pair").remove(find(request, id).id);
      return { status: atLeast(request, "2.2") ? 204 : 202 };
    },
  };
}
