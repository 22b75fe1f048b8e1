import { isAdmin, type World } from "./core.ts";
import { at, isJson, type Json } from "./json.ts";
import { allowAccess, denyAccess } from "./manila-access.ts";
import { bad, from, invalid, notFound } from "./manila-common.ts";
import type { Lifecycle } from "./manila-lifecycle.ts";
import { detail, exportView, listShares, summary } from "./manila-share-views.ts";
import {
  changeShare,
  checkQuota,
  checkSettled,
  checkSize,
  findShare,
  newShare,
  type Share,
  sharesOf,
} from "./manila-shares.ts";
import type { ShareType } from "./manila-types.ts";
import { atLeast } from "./microversion.ts";
import type { Handle, SandboxRequest, SandboxResponse } from "./service.ts";

type Act = (request: SandboxRequest, id: string, asked: Json) => SandboxResponse;

function newSize(asked: Json): number {
  const value = asked["new_size"];
  const text = typeof value === "number" || typeof value === "string" ? String(value).trim() : "";
  if (!/^[+-]?\d+(\.\d+)?$/.test(text) || (typeof value === "string" && text.includes(".")))
    throw bad("New share size must be specified as an integer.");
  return Math.trunc(Number(text));
}

function resizes(world: World, life: Lifecycle): { readonly extend: Act; readonly shrink: Act } {
  const find = (request: SandboxRequest, id: string) => findShare(world, request, id, "Resource could not be found.");
  const busy = (row: Share, needs: string) =>
    bad(`Invalid share: Share ${row.id} status must ${needs}, but current status is: ${row.status}.`);
  return {
    extend(request, id, asked) {
      const row = find(request, id);
      const size = newSize(asked);
      if (row.status !== "available") throw busy(row, "be 'available' to extend");
      if (size <= row.size) {
        const sizes = `(current: ${row.size}, extended: ${size})`;
        throw invalid(`New size for extend must be greater than current size. ${sizes}`);
      }
      checkSize(world, row.project_id, size);
      checkQuota(world, row.project_id, size - row.size, 0);
      life.resize(row, size);
      return { status: 202 };
    },
    shrink(request, id, asked) {
      const row = find(request, id);
      const size = newSize(asked);
      if (row.status !== "available") throw busy(row, "in (available, shrinking_possible_data_loss_error) to shrink");
      if (size >= row.size || size <= 0) {
        const sizes = `(current: ${row.size}, new: ${size})`;
        throw invalid(`New size for shrink must be less than current size and greater than 0 ${sizes}`);
      }
      life.resize(row, size);
      return { status: 202 };
    },
  };
}

/** `POST /shares/:id/action` names what to do by the only key of its body; before 2.7 that began with `os-`. */
function action(world: World, life: Lifecycle): Handle {
  const acts: Readonly<Record<string, Act>> = {
    ...resizes(world, life),
    allow_access: (request, id, asked) => ({ status: 200, body: allowAccess(world, request, id, asked) }),
    deny_access(request, id, asked) {
      denyAccess(world, request, id, asked);
      return { status: 202 };
    },
  };
  return (request, { id = "" }) => {
    const keys = isJson(request.body) ? Object.keys(request.body) : ["None"];
    const [key = ""] = keys;
    if (keys.length !== 1) throw bad("Malformed request body");
    const name = key.replace(/^os-/, "");
    const act = acts[name];
    if (act === undefined) throw name === "access_list" ? notFound() : bad(`There is no such action: ${key}`);
    if (key.startsWith("os-") === atLeast(request, "2.7")) throw notFound();
    const asked = at(request.body, key);
    return act(request, id, isJson(asked) ? asked : {});
  };
}

function exportRoutes(world: World): Readonly<Record<string, Handle>> {
  const path = "/v2/shares/:id/export_locations";
  const all = (request: SandboxRequest, id: string) =>
    findShare(world, request, id, `Share '${id}' not found.`).exports.filter(
      (one) => isAdmin(request) || !one.adminOnly,
    );
  return {
    [`GET ${path}`]: from("2.9", (request, { id = "" }) => {
      const shown = all(request, id).map((one) => exportView(request, one, false));
      return { status: 200, body: { export_locations: shown } };
    }),
    [`GET ${path}/:export`]: from("2.9", (request, { id = "", export: wanted }) => {
      const one = all(request, id).find((each) => each.id === wanted);
      if (one === undefined) throw notFound(`Export location '${wanted}' not found.`);
      return { status: 200, body: { export_location: exportView(request, one, true) } };
    }),
  };
}

export function shareRoutes(
  world: World,
  types: readonly ShareType[],
  life: Lifecycle,
): Readonly<Record<string, Handle>> {
  const one = (request: SandboxRequest, row: Share) => ({
    status: 200,
    body: { share: detail(world, request, row) },
  });
  return {
    ...exportRoutes(world),
    "GET /v2/shares": (request) => ({
      status: 200,
      body: listShares(world, request, (row) => summary(request, row)),
    }),
    "GET /v2/shares/detail": (request) => ({
      status: 200,
      body: listShares(world, request, (row) => detail(world, request, row)),
    }),
    "POST /v2/shares": (request) => {
      const row = sharesOf(world).add(newShare(world, request, types));
      life.create(row);
      return one(request, row);
    },
    "POST /v2/shares/:id/action": action(world, life),
    "GET /v2/shares/:id": (request, { id = "" }) => one(request, findShare(world, request, id)),
    "PUT /v2/shares/:id": (request, { id = "" }) => one(request, changeShare(world, request, id)),
    "DELETE /v2/shares/:id": (request, { id = "" }) => {
      const row = findShare(world, request, id);
      checkSettled(row);
      life.remove(row);
      return { status: 202 };
    },
  };
}
