import type { HttpRequest, HttpResponse, Send } from "./send.ts";

type Did = "created" | "changed" | "deleted";

/** What our calls changed in the cloud lately, by the ids of what they changed: a hint for the audit, kept in memory only. */
export interface Trace {
  /** The service's id of our last call that did this to the resource with this id. */
  requestOf(did: Did, id: string): string | undefined;
  /** This has been recorded: the same call is not told again. */
  forget(did: Did, id: string): void;
}

/** More than one pass changes. */
const KEPT = 2000;
/** Also Designate's `RegionOne:<floating IP>`. */
const ID = /^(?:[^/]+:)?(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const DID: Readonly<Record<string, Did>> = { POST: "created", PUT: "changed", PATCH: "changed", DELETE: "deleted" };

/** Of a recordset we keep its zone too: `<zone>/<recordset>`. */
const keyOf = (did: Did, id: string): string => `${did}:${id.split("/").at(-1)}`;

const idOf = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  if ("id" in value && typeof value.id === "string") return value.id;
  // Barbican answers a reference that ends with the id.
  const ref = Object.entries(value).find(([key, one]) => key.endsWith("_ref") && typeof one === "string")?.[1];
  return typeof ref === "string" ? ref.split("/").at(-1) : undefined;
};

/** Ids of what a create answers: `{ network: { id } }`, `{ ports: [{ id }] }`, Designate's `{ id }`. */
function idsIn(body: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [];
  }
  const own = idOf(value);
  if (own !== undefined) return [own];
  const inner = typeof value === "object" && value !== null ? Object.values(value).flat() : [];
  return inner.map(idOf).filter((id) => id !== undefined);
}

const idInPath = (url: string): string | undefined =>
  new URL(url).pathname
    .split("/")
    .map(decodeURIComponent)
    .findLast((part) => ID.test(part));

/** The calls of a resource's own address change it; a POST below it (`/servers/ID/action`) does too. */
function subjects({ method, url }: HttpRequest, { body }: HttpResponse): readonly (readonly [Did, string])[] {
  const did = DID[method];
  const there = idInPath(url);
  if (did === undefined) return [];
  if (did !== "created") return there === undefined ? [] : [[did, there]];
  const made = idsIn(body).map((id) => [did, id] as const);
  return there === undefined ? made : [...made, ["changed", there]];
}

export interface Tracer {
  readonly trace: Trace;
  /** The same connection; what it changes is noted with the ids that the services give their requests. */
  through(send: Send): Send;
}

export function tracer(): Tracer {
  const calls = new Map<string, string>();
  const note = (key: string, requestId: string): void => {
    calls.delete(key);
    if (calls.size >= KEPT) calls.delete(calls.keys().next().value ?? "");
    calls.set(key, requestId);
  };
  return {
    trace: {
      requestOf: (did, id) => calls.get(keyOf(did, id)),
      forget: (did, id) => void calls.delete(keyOf(did, id)),
    },
    through: (send) => async (request) => {
      const response = await send(request);
      const requestId = response.headers["x-openstack-request-id"] ?? response.headers["x-compute-request-id"];
      const done = response.status >= 200 && response.status < 300 && requestId !== undefined;
      if (done && request.method in DID && !request.url.endsWith("/auth/tokens"))
        for (const [did, id] of subjects(request, response)) note(keyOf(did, id), requestId);
      return response;
    },
  };
}
