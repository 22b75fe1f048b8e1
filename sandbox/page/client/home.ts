import { act } from "./api.ts";
import { blockNodes } from "./blocks.ts";
import { byId, el } from "./dom.ts";
import { actIn } from "./modal.ts";
import { HOME } from "./state.ts";
import type { Store } from "./store.ts";

/** Keeps the home tab equal to what the bot published for this person, and tells the bot who opens it. */
export function homeTab(store: Store): () => void {
  let openedBy: string | undefined;
  let shown: string | undefined;
  return () => {
    const { state } = store;
    const here = state.channel === HOME && state.people.length > 0;
    const home = byId("home");
    home.hidden = !here;
    byId("messages").hidden = here;
    byId("main-composer").hidden = here;
    if (!here) {
      openedBy = undefined;
      return;
    }
    if (openedBy !== state.me) {
      openedBy = state.me;
      void act("home", { user: state.me });
    }
    const view = state.views.find(({ type }) => type === "home");
    const what = `${state.me}/${view?.hash}`;
    if (shown === what) return;
    shown = what;
    const focus = document.activeElement?.getAttribute("data-focus");
    if (view === undefined) home.replaceChildren(el("p", { class: "muted" }, "Nothing is here yet."));
    else {
      const around = { names: store.names, scope: view.id, act: actIn(view, home, store) };
      home.replaceChildren(...blockNodes(view.blocks, around));
    }
    if (focus) home.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  };
}
