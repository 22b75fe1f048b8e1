import { drawCloud } from "./cloud.ts";
import { composer } from "./composer.ts";
import { append, byId } from "./dom.ts";
import { homeTab } from "./home.ts";
import { drawMessages } from "./messages.ts";
import { modals } from "./modal.ts";
import { drawApp, drawPeople, drawSidebar } from "./sidebar.ts";
import { HOME } from "./state.ts";
import { createStore } from "./store.ts";
import { plainText, spoken } from "./text.ts";

const query = new URLSearchParams(location.search);
const store = createStore(query.get("as") ?? "U0DEV", query.get("in") ?? "C0TEAMA");
const { state, names } = store;

const channelLabel = () =>
  state.channel === HOME
    ? `${state.bot.name} · Home`
    : state.channels.find(({ id }) => id === state.channel)?.user === undefined
      ? `#${names.channel(state.channel)}`
      : names.channel(state.channel);
const main = composer({ store, id: "compose", label: () => `Message ${channelLabel()}`, thread: () => undefined });
const aside = composer({ store, id: "reply", label: () => "Reply…", thread: () => state.thread });
byId("main-composer").append(main.form);
byId("thread-composer").append(aside.form);
const drawModal = modals(store);
const drawHome = homeTab(store);
const list = byId("messages");

function drawHead(): void {
  const channel = state.channels.find(({ id }) => id === state.channel);
  const title = byId("channel-title");
  title.replaceChildren();
  append(title, plainText(channelLabel()));
  byId("channel-topic").textContent = state.channel === HOME ? "Only you see this" : (channel?.topic ?? "");
  byId("offline").hidden = state.online || state.people.length === 0;
  document.title = `${channelLabel()} – ${names.person(state.me)} – kinvirt`;
  const url = `/?as=${state.me}&in=${state.channel}`;
  if (location.pathname + location.search !== url) history.replaceState(null, "", url);
}

let threadShown: string | undefined;
function drawThread(): void {
  const { thread } = state;
  const panel = byId("thread");
  panel.hidden = thread === undefined;
  document.body.classList.toggle("has-thread", thread !== undefined);
  if (thread === undefined) byId("thread-messages").replaceChildren();
  else {
    const parent = store.here().filter(({ ts }) => ts === thread);
    drawMessages(byId("thread-messages"), [...parent, ...store.replies(thread)], store, true);
    byId("thread-channel").textContent = channelLabel();
  }
  if (thread !== threadShown) (thread === undefined ? main : aside).focus();
  threadShown = thread;
}

let place = "";
function drawList(): void {
  const messages = store.here();
  const here = `${state.me}/${state.channel}`;
  if (place !== here) list.replaceChildren();
  byId("welcome").hidden = messages.length > 0 || state.channel === HOME;
  drawMessages(list, messages, store);
  if (place !== here) list.scrollTop = list.scrollHeight;
  place = here;
  store.markRead();
}

store.onChange(() => {
  drawHead();
  drawPeople(byId("people"), store);
  drawSidebar(byId("channels"), byId("directs"), store);
  drawApp(byId("app"), store);
  drawList();
  drawHome();
  drawThread();
  drawCloud(store);
  drawModal();
  main.update();
  aside.update();
});

store.onArrival((message) => {
  if (message.channel !== state.channel || message.user === state.me) return;
  const only = message.visibleTo === undefined ? "" : ", only visible to you";
  byId("announcer").textContent = `${names.person(message.user)}${only}: ${spoken(message.text)}`;
});

/** F6 goes round the regions, as in Slack. */
const REGIONS = ["people", "channels", "home", "messages", "compose", "cloud-rows"];
function nextRegion(back: boolean): void {
  const regions = REGIONS.filter((id) => byId(id).offsetParent !== null);
  const at = regions.findIndex((id) => byId(id).contains(document.activeElement));
  const next = byId(regions[(at + (back ? regions.length - 1 : 1) + regions.length) % regions.length] ?? "compose");
  (next.querySelector<HTMLElement>("[aria-checked=true], [aria-current]") ?? next).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "F6") {
    event.preventDefault();
    nextRegion(event.shiftKey);
  } else if (event.key === "Escape" && document.querySelector("dialog[open]") === null) {
    if (document.body.classList.contains("show-cloud") || document.body.classList.contains("show-sidebar")) {
      document.body.classList.remove("show-cloud", "show-sidebar");
    } else if (state.thread !== undefined) store.openThread(undefined);
  }
});

function disclosure(button: string, name: string): void {
  byId(button).addEventListener("click", () => {
    const open = document.body.classList.toggle(name);
    byId(button).setAttribute("aria-expanded", String(open));
  });
}
disclosure("open-sidebar", "show-sidebar");
disclosure("open-cloud", "show-cloud");
byId("close-thread").addEventListener("click", () => store.openThread(undefined));

store.connect();
main.focus();
