import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import express from "express";
import { listenOn } from "../../handlers/run.ts";
import { pageFiles } from "../../sandbox/page/files.ts";
import { browse } from "../browser/page.ts";
import { GALLERY, WORDS } from "./views.ts";

/** `npm run gallery [FILE]`: every view in every state on one page, drawn as the sandbox's page draws them. */
const FILE = process.argv[2] ?? ".kinvirt/gallery.html";

const pictures = Object.entries(WORDS).flatMap(([what, words]) =>
  Object.entries(GALLERY).map(([part, make]) => ({ heading: `${part}, ${what}`, views: make(words) })),
);

const STYLE = `
body { display: block; overflow: auto; background: var(--raised); padding: 24px; }
h2 { margin: 40px 0 12px; font-size: 22px; }
.views { columns: 620px; column-gap: 24px; }
.view { break-inside: avoid; margin: 0 0 20px; padding: 14px 18px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); }
.view > .name { margin: 0 0 10px; color: var(--muted); font: 12px var(--mono); }
.view > * + * { margin-top: 8px; }
.view .bar { display: flex; justify-content: space-between; padding-top: 8px; border-top: 1px solid var(--line-soft); font-weight: 700; }
`;

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>kinvirt: every view in every state</title>
${["theme", "layout", "message", "controls"].map((name) => `<link rel="stylesheet" href="/page/${name}.css">`).join("")}
<style>${STYLE}</style></head><body><h1>Every view in every state</h1><main></main>
<script type="module">
import { blockNodes } from "/page/blocks.ts";
import { el } from "/page/dom.ts";
import { plainText } from "/page/text.ts";
const people = { U0DEV: "Dana", U0DEVTWO: "Devon", U0APPROVER: "Avery", U0SECOND: "Sam", U0ONCALL: "Oli" };
const names = { me: "U0DEV", person: (id) => people[id] ?? id, channel: (id) => id };
const around = (scope) => ({ names, scope, act: () => undefined });
const bar = (view) =>
  view.type === "modal"
    ? [el("div", { class: "bar" }, el("span", {}, ...plainText(view.title.text)), el("span", {}, [view.close, view.submit].filter(Boolean).map((one) => one.text).join(" | ")))]
    : [];
const draw = ({ name, surface, view }, at) =>
  el("article", { class: "view of-" + surface, "data-name": name }, el("p", { class: "name" }, surface + " · " + name), ...blockNodes(view.blocks, around(name + at)), ...bar(view));
for (const { heading, views } of await (await fetch("/gallery.json")).json())
  document.querySelector("main").append(el("h2", {}, heading), el("div", { class: "views" }, ...views.map(draw)));
// One file that needs no server: styles inside, scripts gone.
for (const link of document.querySelectorAll("link")) {
  const style = document.createElement("style");
  style.textContent = await (await fetch(link.href)).text();
  link.replaceWith(style);
}
for (const script of document.querySelectorAll("script")) script.remove();
document.body.dataset.done = "yes";
</script></body></html>`;

const web = express();
web.get("/gallery", (_request, response) => void response.type("html").send(HTML));
web.get("/gallery.json", (_request, response) => void response.json(pictures));
web.use(pageFiles("sandbox/page"));
const served = await listenOn(web, 0, "127.0.0.1");
const browser = await browse();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(`${served.url}/gallery`);
  await page.locator("body[data-done]").waitFor({ timeout: 120_000 });
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, await page.content());
  const count = pictures.reduce((sum, { views }) => sum + views.length, 0);
  console.log(`${count} views in ${FILE}`);
} finally {
  await browser.close();
  await served.stop();
}
