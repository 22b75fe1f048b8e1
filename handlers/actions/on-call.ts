import * as z from "zod";
import { QUESTIONS } from "../../shared/ports/queue.ts";
import { firstTime, forget } from "../../shared/state/index.ts";
import { askCloud } from "../asking.ts";
import { done, refused } from "../views/answers.ts";
import { type Asked, ONCALL_ACTIONS } from "../views/on-call/buttons.ts";
import type { Answer, Click, Handler } from "./click.ts";

const text = z.string().max(300);
const asked = z.strictObject({
  what: z.enum(QUESTIONS),
  name: text.exactOptional(),
  id: text.exactOptional(),
  only: text.exactOptional(),
  answer: text.exactOptional(),
});

export function readAsked(value: string): Asked | undefined {
  try {
    return asked.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

const stale: Answer = {
  message: refused("This button is from an older version of kinvirt: type the command instead."),
};

const onAsked =
  (act: (click: Click, tenant: string, question: Asked, deps: Parameters<Handler>[2]) => Promise<Answer>): Handler =>
  async (click, tenant, deps) => {
    const question = readAsked(click.value);
    return question === undefined ? stale : act(click, tenant, question, deps);
  };

const ask = onAsked(async ({ user, channel }, tenant, question, deps) => ({
  message: (await askCloud(deps, { user, channel, tenant }, question)).said,
}));

/** The old answer goes only when a new one is on its way. */
const refresh = onAsked(async ({ user, channel }, tenant, question, deps) => {
  const { said, asked: on } = await askCloud(deps, { user, channel, tenant }, question);
  return on ? { message: said, replaces: true } : { message: said };
});

/** Once for each answer, however often and by whomever it is clicked. */
const post = onAsked(async ({ user, channel }, tenant, question, deps) => {
  const { what, name = "", answer = "" } = question;
  const key = `answer:${tenant}:${what}:${name}:${answer}`;
  if (!(await firstTime(deps.store, `posting/${channel}/${key}`)))
    return { message: done("It was posted already, or is about to be.") };
  const { said, asked: on } = await askCloud(deps, { user, channel, tenant }, question, key);
  if (on) return { message: done("It is read once more and posted here for everybody.") };
  await forget(deps.store, `posting/${channel}/${key}`);
  return { message: said };
});

/** What whoever is on call does next, from an answer's buttons. Each only reads and tells. */
export const ONCALL_HANDLERS: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(ONCALL_ACTIONS.ask.map((action) => [action, ask])),
  [ONCALL_ACTIONS.again]: ask,
  [ONCALL_ACTIONS.refresh]: refresh,
  [ONCALL_ACTIONS.post]: post,
};
