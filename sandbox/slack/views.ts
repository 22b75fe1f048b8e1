import type { Chance } from "../../shared/ports/clock.ts";
import { withIds } from "./block-ids.ts";
import { viewOf } from "./limits.ts";
import { BOT, type Json, Refusal, TEAM, type View } from "./model.ts";
import type { Workspace } from "./workspace.ts";

/** Where a view stands in its stack. */
type Place = Pick<View, "id" | "root_view_id" | "previous_view_id">;

const json = (value: unknown): Json | null => (typeof value === "object" && value !== null ? { ...value } : null);

function newPlace(chance: Chance): Place {
  const id = `V0${chance.token(9).toUpperCase()}`;
  return { id, root_view_id: id, previous_view_id: null };
}

/** What the bot described, at its place before this person. @throws Refusal `invalid_arguments` */
function viewFrom(input: unknown, user: string, place: Place, workspace: Workspace, chance: Chance): View {
  const { view, blocks } = viewOf(input);
  return {
    ...place,
    type: view.type,
    user,
    hash: `${workspace.stamp()}.${chance.token(8)}`,
    callback_id: view.callback_id ?? "",
    external_id: view.external_id ?? "",
    private_metadata: view.private_metadata ?? "",
    title: json(view.title),
    submit: json(view.submit),
    close: json(view.close),
    blocks: withIds(blocks, chance),
    notify_on_close: view.notify_on_close ?? false,
    clear_on_close: view.clear_on_close ?? false,
  };
}

/** Modals that people look at (a stack per person) and home tabs. */
export function createViews(workspace: Workspace, chance: Chance) {
  const views = new Map<string, View>();
  const homes = new Map<string, View>();
  const make = (input: unknown, user: string, place: Place): View => viewFrom(input, user, place, workspace, chance);

  const show = (view: View): View => {
    views.set(view.id, view);
    workspace.tell({ is: "view", view });
    return view;
  };

  /** @throws Refusal `not_found` */
  const get = (id: string): View => {
    const found = views.get(id);
    if (found === undefined) throw new Refusal("not_found");
    return found;
  };

  const close = (id: string): void => {
    const view = get(id);
    views.delete(id);
    workspace.tell({ is: "closed", view: id, user: view.user });
  };

  return {
    get,
    close,
    open: (input: unknown, user: string): View => show(make(input, user, newPlace(chance))),
    /** @throws Refusal `hash_conflict` when the view has changed since `hash`. */
    update(id: string, input: unknown, hash?: string): View {
      const old = get(id);
      if (hash !== undefined && hash !== old.hash) throw new Refusal("hash_conflict");
      return show(make(input, old.user, old));
    },
    push(parent: string, input: unknown): View {
      const { user, id, root_view_id } = get(parent);
      return show(make(input, user, { ...newPlace(chance), root_view_id, previous_view_id: id }));
    },
    clear(user: string): void {
      for (const view of [...views.values()]) if (view.user === user) close(view.id);
    },
    publish(input: unknown, user: string): View {
      const view = make(input, user, homes.get(user) ?? newPlace(chance));
      homes.set(user, view);
      workspace.tell({ is: "view", view });
      return view;
    },
    byExternalId: (external: string): View | undefined => [...views.values()].find((v) => v.external_id === external),
    /** Modals and the home tab that this person sees. */
    of: (user: string): readonly View[] => [...views.values(), ...homes.values()].filter((view) => view.user === user),
  };
}

export type Views = ReturnType<typeof createViews>;

/** A view as the Web API and the payloads show it. */
export const viewJson = (view: View, values: Json = {}): Json => {
  const { user: _user, ...shown } = view;
  return {
    ...shown,
    team_id: TEAM.id,
    app_id: BOT.app,
    bot_id: BOT.bot,
    app_installed_team_id: TEAM.id,
    state: { values },
  };
};
