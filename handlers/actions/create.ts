import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import { createArgs } from "../create.ts";
import { channelOf, formChanged, openForm } from "../modals/create.ts";
import type { Filled } from "../modals/fields.ts";
import { CREATE_ACTIONS } from "../views/create-modal.ts";
import type { Click, ClickedView, Handler } from "./click.ts";

const content = z.record(z.string(), z.string());

/** What a button says that the form begins with; nothing when it is from another version. */
function readFilled(value: string): Filled {
  try {
    const filled = content.parse(JSON.parse(value));
    return Object.fromEntries(Object.entries(filled).filter(([key]) => Object.hasOwn(createArgs, key)));
  } catch {
    return {};
  }
}

/** Buttons in messages that open the form. */
export const CREATE_HANDLERS: Readonly<Record<string, Handler>> = {
  [CREATE_ACTIONS.open]: async ({ user, channel, trigger, value }, tenant, deps) => {
    const said = await openForm({ user, channel, tenant }, trigger, deps, readFilled(value));
    return said === undefined ? undefined : { message: said };
  },
};

/** A choice in the form, or its button: plan and price follow. */
export async function clickedInForm(click: Click, view: ClickedView, deps: Deps): Promise<undefined> {
  const channel = channelOf(view.metadata);
  if (channel === undefined) return;
  const { id, hash, filled } = view;
  await formChanged(deps, { view: id, hash, user: click.user, channel, filled, at: click.at ?? 0 });
}
