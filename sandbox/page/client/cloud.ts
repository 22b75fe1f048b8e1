import type { CloudRow, Switch } from "../panel.ts";
import { act } from "./api.ts";
import { byId, el, reconcile } from "./dom.ts";
import type { Store } from "./store.ts";

const GOOD = /^(active|available|in-use|online|complete|down|)$/i; // a port without a cable yet is DOWN, and well
const BAD = /error|fail|degraded|offline/i;
const mood = (status: string): string => (BAD.test(status) ? "bad" : GOOD.test(status) ? "good" : "busy");
const kindWords = (kind: string): string => kind.replaceAll("-", " ").replaceAll("_", " ");

function row(one: CloudRow) {
  const { kind, name, status, detail, id } = one;
  return {
    key: `${kind}/${id}`,
    signature: JSON.stringify(one),
    build: () =>
      el(
        "li",
        { class: `row ${mood(status)}`, title: id },
        el("span", { class: "state-dot", "aria-hidden": true }),
        el("span", { class: "row-kind" }, kindWords(kind)),
        el("span", { class: "row-name" }, name),
        el("span", { class: "row-status" }, [status, detail].filter((word) => word !== "").join(" · ")),
      ),
  };
}

function toggle(one: Switch) {
  const build = () => {
    const input = el("input", {
      type: "checkbox",
      role: "switch",
      checked: one.on,
      "data-focus": `switch:${one.id}`,
      onchange: () => void act("flip", { id: one.id, on: input.checked }),
    });
    return el(
      "label",
      { class: "switch" },
      input,
      el("span", { class: "switch-text" }, el("span", {}, one.label), el("small", {}, one.hint)),
    );
  };
  return { key: one.id, signature: JSON.stringify(one), build };
}

function drawFaults(switches: readonly Switch[]): void {
  const on = switches.filter((one) => one.on).length;
  byId("faults-on").textContent = `${on} on`;
  byId("faults-on").hidden = on === 0;
  reconcile(byId("switches"), switches.map(toggle));
}

/** What exists now in the project that this channel speaks for, and the faults that can be switched on. */
export function drawCloud(store: Store): void {
  const { rows, switches, projects, channel, channels } = store.state;
  const project = projects[channel] ?? Object.values(projects)[0] ?? "";
  const here = rows.filter((one) => one.project === project);
  byId("cloud-project").textContent = project;
  byId("cloud-count").textContent = String(here.length);
  const empty = byId("cloud-empty");
  empty.hidden = here.length > 0 || channels.length === 0;
  reconcile(byId("cloud-rows"), here.map(row));
  drawFaults(switches);
}
