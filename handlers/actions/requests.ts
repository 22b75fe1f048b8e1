import { auditPage, readOlder } from "../audit-page.ts";
import { open } from "../decide.ts";
import { openedOr } from "../modals/unopened.ts";
import { readTurn, requestsPage } from "../requests-page.ts";
import { refused } from "../views/answers.ts";
import { AUDIT_ACTIONS } from "../views/audit.ts";
import { planModal } from "../views/home-modals.ts";
import { REQUESTS_ACTIONS } from "../views/requests.ts";
import type { Answer, Handler } from "./click.ts";

const stale: Answer = {
  message: refused("This button is from an older version of kinvirt: type the command instead."),
};

const turn: Handler = async ({ value, user }, tenant, deps) => {
  const to = readTurn(value);
  return to === undefined ? stale : { message: await requestsPage(deps, { user, tenant }, to), replaces: true };
};

/** Buttons of `/k8s requests` and `/k8s audit`. */
export const REQUESTS_HANDLERS: Readonly<Record<string, Handler>> = {
  [REQUESTS_ACTIONS.earlier]: turn,
  [REQUESTS_ACTIONS.later]: turn,
  [REQUESTS_ACTIONS.again]: turn,
  [REQUESTS_ACTIONS.whose]: turn,
  [REQUESTS_ACTIONS.review]: async ({ value, user, channel, trigger }, _, deps) => {
    const [, id, hash] = /^([a-z0-9]{6}):([0-9a-f]+)$/.exec(value) ?? [];
    if (id === undefined || hash === undefined) return stale;
    const may = await open(deps, { request: id, hash, user, channel, verdict: "approve" });
    if (typeof may === "string") return { message: refused(may) };
    const message = await openedOr(deps, trigger, planModal({ ...may, channel }), `/k8s approve ${id}`);
    return message === undefined ? undefined : { message };
  },
  [AUDIT_ACTIONS.older]: async ({ value }, tenant, deps) => {
    const question = readOlder(value);
    return question === undefined ? stale : { message: await auditPage(deps, tenant, question), replaces: true };
  },
};
