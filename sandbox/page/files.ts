import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { extname, join } from "node:path";
import express, { type Router } from "express";

interface Asset {
  readonly type: string;
  readonly text: string;
}

const ICON =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='#3f0e40'/>" +
  "<path d='M16 5l9.5 5.5v11L16 27l-9.5-5.5v-11z' fill='none' stroke='#fff' stroke-width='2.4'/>" +
  "<circle cx='16' cy='16' r='3.6' fill='#2eb67d'/></svg>";

function asset(path: string): Asset {
  const text = readFileSync(path, "utf8");
  switch (extname(path)) {
    case ".ts":
      return { type: "text/javascript; charset=utf-8", text: stripTypeScriptTypes(text) };
    case ".css":
      return { type: "text/css; charset=utf-8", text };
    default:
      return { type: "text/html; charset=utf-8", text };
  }
}

const POLICY =
  "default-src 'self'; img-src 'self' https: data:; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/**
 * The page at `/`, its styles and its modules under `/page/`. `folder` is `sandbox/page`.
 * Types are stripped on the first request.
 */
export function pageFiles(folder: string): Router {
  const names = readdirSync(join(folder, "client")).filter((name) => /\.(ts|css)$/.test(name));
  const kept = new Map<string, Asset>();
  const get = (name: string): Asset => {
    const found = kept.get(name) ?? asset(join(folder, "client", name));
    kept.set(name, found);
    return found;
  };
  const router = express.Router();
  router.get("/", (_request, response) => {
    response.set({ "content-security-policy": POLICY, "referrer-policy": "no-referrer" });
    response.type("text/html; charset=utf-8").send(get("index.html").text);
  });
  router.get("/favicon.ico", (_request, response) => void response.type("image/svg+xml").send(ICON));
  router.get("/page/:name", (request, response) => {
    const { name } = request.params;
    if (!names.includes(name)) {
      response.status(404).end();
      return;
    }
    const { type, text } = get(name);
    response.set({ "content-type": type, "cache-control": "no-cache" }).send(text);
  });
  return router;
}
