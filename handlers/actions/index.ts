import type { Deps } from "../../shared/ports/deps.ts";
import { READERS } from "../args.ts";
import { cancel, decide, open } from "../decide.ts";
import { openedOr } from "../modals/unopened.ts";
import { tenantOf } from "../people.ts";
import { askDelete, readTarget, requestDelete } from "../removal.ts";
import { retry } from "../retry.ts";
import { strangersChannel } from "../slash.ts";
import { DELETE_ACTIONS, done, refused } from "../views/answers.ts";
import { CREATE_MODAL } from "../views/create-modal.ts";
import { denyModal } from "../views/modals.ts";
import { CLUSTER_ACTIONS } from "../views/progress.ts";
import { REQUEST_ACTIONS } from "../views/request.ts";
import { code } from "../views/text.ts";
import { clickedOnAlert, isAlertAction } from "./alerts.ts";
import type { Answer, Click, Handler } from "./click.ts";
import { CREATE_HANDLERS, clickedInForm } from "./create.ts";
import { clickedAtHome } from "./home.ts";
import { ONCALL_HANDLERS } from "./on-call.ts";
import { oncallTenant } from "./oncall-tenant.ts";
import { REQUESTS_HANDLERS } from "./requests.ts";

export type { Click } from "./click.ts";

const stale: Answer = {
  message: refused("This button is from an older version of kinvirt: type the command instead."),
};

const onTarget =
  (
    act: (
      click: Click,
      tenant: string,
      target: NonNullable<ReturnType<typeof readTarget>>,
      deps: Deps,
    ) => Promise<Answer>,
  ): Handler =>
  async (click, tenant, deps) => {
    const target = readTarget(click.value);
    return target === undefined ? stale : act(click, tenant, target, deps);
  };

/** The request and the plan's hash of an approver's button. */
export function readDecision(value: string): { readonly request: string; readonly hash: string } | undefined {
  const [, request, hash] = /^([a-z0-9]{6}):([0-9a-f]+)$/.exec(value) ?? [];
  return request === undefined || hash === undefined ? undefined : { request, hash };
}

/** Every button. Adding one is its line here and its words in a view. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  ...CREATE_HANDLERS,
  ...ONCALL_HANDLERS,
  ...REQUESTS_HANDLERS,
  [REQUEST_ACTIONS.approve]: async (click, _, deps) => {
    const seen = readDecision(click.value);
    if (seen === undefined) return stale;
    return { message: await decide(deps, { ...seen, user: click.user, channel: click.channel, verdict: "approve" }) };
  },
  [REQUEST_ACTIONS.deny]: async (click, _, deps) => {
    const seen = readDecision(click.value);
    if (seen === undefined) return stale;
    // Asked before the modal too, so that nobody writes a reason in vain.
    const may = await open(deps, { ...seen, user: click.user, channel: click.channel, verdict: "deny" });
    if (typeof may === "string") return { message: refused(may) };
    const instead = `/k8s deny ${seen.request} too many servers for a test`;
    const message = await openedOr(deps, click.trigger, denyModal(click.value, click.channel), instead);
    return message === undefined ? undefined : { message };
  },
  [REQUEST_ACTIONS.cancel]: async (click, _, deps) => {
    const request = READERS.request.read(click.value);
    if (request === undefined) return stale;
    return { message: await cancel(deps, { request, user: click.user, channel: click.channel }) };
  },
  [CLUSTER_ACTIONS.retry]: onTarget(async ({ user, channel }, tenant, target, deps) => ({
    message: await retry(deps, { user, channel, tenant }, target.name, target.id),
  })),
  [CLUSTER_ACTIONS.remove]: onTarget(async ({ user, channel }, tenant, target, deps) => ({
    message: await askDelete(deps, { user, channel, tenant }, target.name, false),
  })),
  [DELETE_ACTIONS.confirm]: onTarget(async ({ user, channel }, tenant, target, deps) => ({
    message: await requestDelete(deps, { user, channel, tenant }, target),
    replaces: true,
  })),
  [DELETE_ACTIONS.keep]: onTarget(async (_click, _tenant, target) => ({
    message: done(`Nothing was deleted; ${code(target.name)} stays.`),
    replaces: true,
  })),
};

/** What a click comes to. Undefined: it is answered by what it opened. */
export async function clicked(click: Click, deps: Deps): Promise<Answer | undefined> {
  const { view } = click;
  if (view?.type === "home") return clickedAtHome(click, deps);
  if (view?.callback === CREATE_MODAL) return clickedInForm(click, view, deps);
  if (isAlertAction(click.action)) return clickedOnAlert(click, deps);
  const tenant = tenantOf(deps.config, click.channel) ?? (await oncallTenant(deps, click));
  if (tenant === undefined) return { message: strangersChannel(click.channel) };
  const handler = Object.hasOwn(HANDLERS, click.action) ? HANDLERS[click.action] : undefined;
  return handler === undefined ? stale : handler(click, tenant, deps);
}
