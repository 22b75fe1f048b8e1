import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import { type OpenView, SlackError, type SlackMessage } from "../../shared/ports/slack.ts";
import { showSize } from "../../shared/units.ts";
import type { Caller } from "../command.ts";
import { createArgs, requestCreate } from "../create.ts";
import { mayNot } from "../may.ts";
import { tenantOf } from "../people.ts";
import { accepted, refused } from "../views/answers.ts";
import { closedMessage, createModal, type Preview } from "../views/create-modal.ts";
import { wake } from "../wake.ts";
import { TooSlow, within } from "../within.ts";
import { isPassing } from "../work/live.ts";
import { type Filled, fieldAbout, fieldsOf, isFilled, readFields, wordsFor } from "./fields.ts";
import { type Form, forms, note } from "./forms.ts";
import { knownOf, previewOf } from "./preview.ts";
import { unopened } from "./unopened.ts";

/** Of the 2.5 s that an answer has; the update of the form needs the rest. */
const PREVIEW_MS_MAX = 1300;
const EXAMPLE: Filled = { name: "dev", rwx: "100G" };
const LOOKING: Preview = { is: "looking" };

const metadata = z.object({ channel: z.string() });

/** The channel that the form was opened for. Undefined: not a form of this version. */
export function channelOf(text: string): string | undefined {
  try {
    return metadata.parse(JSON.parse(text)).channel;
  } catch {
    return undefined;
  }
}

function viewOf(deps: Deps, tenant: string, form: Pick<Form, "channel" | "filled">, preview: Preview) {
  const fields = fieldsOf(createArgs, form.filled, knownOf(deps, tenant, form.filled));
  return createModal({ tenant, channel: form.channel, fields, preview });
}

/** Opens at once, because Slack's leave for it ends after 3 s; plan and price follow. Undefined: it is open. */
export async function openForm(
  caller: Caller,
  trigger: string,
  deps: Deps,
  filled: Filled = {},
): Promise<SlackMessage | undefined> {
  const { user, channel, tenant } = caller;
  // Asked before the form too, so that nobody fills it in in vain.
  const no = await mayNot(deps, "create", caller);
  if (no !== undefined) return refused(no);
  let opened: OpenView | undefined;
  try {
    opened = await deps.slack.openModal(trigger, viewOf(deps, tenant, { channel, filled }, LOOKING));
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.form", { code: error.code });
    return unopened(error, wordsFor("create", createArgs, isFilled(createArgs, filled) ? filled : EXAMPLE));
  }
  if (opened === undefined) return undefined;
  await note(deps.store, { view: opened.id, hash: opened.hash, user, channel, filled, at: 0 });
  await wake(deps, { is: "form", form: opened.id });
  return undefined;
}

/** Of two updates the one for the newest choices stays: it alone may go over what has come in between. */
async function update(deps: Deps, tenant: string, form: Form, preview: Preview): Promise<OpenView | undefined> {
  const view = viewOf(deps, tenant, form, preview);
  try {
    return await deps.slack.updateModal(form.view, view, form.hash);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const newest = (await forms(deps.store).get(form.view))?.at === form.at;
    if (error.code === "hash_conflict" && newest) return deps.slack.updateModal(form.view, view);
    if (isPassing(error)) throw error;
    // The form is closed, or shows something newer.
    return undefined;
  }
}

/** Somebody chose something: plan and price follow it. A cloud that is slower than Slack waits is waited for by the queue. */
export async function formChanged(deps: Deps, form: Form): Promise<void> {
  const tenant = tenantOf(deps.config, form.channel);
  if (tenant === undefined || !(await note(deps.store, form))) return;
  const preview = await within(deps.clock, PREVIEW_MS_MAX, previewOf(deps, tenant, form.filled)).catch(
    (error: unknown) => {
      if (error instanceof TooSlow) return LOOKING;
      throw error;
    },
  );
  try {
    const shown = await update(deps, tenant, form, preview);
    if (preview.is !== "looking") return;
    await forms(deps.store).change(form.view, (now) =>
      now.at !== form.at || shown === undefined ? undefined : { ...now, hash: shown.hash },
    );
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.form", { code: error.code });
  }
  await wake(deps, { is: "form", form: form.view });
}

/** The worker's part: what the form still owes. Reads only, so a message that comes twice does no harm. */
export async function previewForm(id: string, deps: Deps): Promise<void> {
  const form = await forms(deps.store).get(id);
  const tenant = form === undefined ? undefined : tenantOf(deps.config, form.channel);
  if (form === undefined || tenant === undefined) return;
  const preview = await previewOf(deps, tenant, form.filled);
  // Somebody has chosen something else meanwhile: that has its own message.
  if ((await forms(deps.store).get(id))?.at === form.at) await update(deps, tenant, form, preview);
}

/** Mrkdwn as the plain words that Slack shows below a field. */
const plainWords = (text: string): string =>
  text
    .replace(/<@\w+>/g, "somebody")
    .replace(/[`*]/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** What is wrong, by field: what was filled in stays. */
export interface Errors {
  readonly errors: Filled;
}

/** The form was sent: the same request as by the command's words. */
export async function formSent(deps: Deps, caller: Caller, filled: Filled): Promise<SlackMessage | Errors> {
  const read = readFields(createArgs, filled);
  const plainErrors = (pairs: readonly (readonly [string, string])[]): Errors => ({
    errors: Object.fromEntries(pairs.map(([key, sentence]) => [key, plainWords(sentence)])),
  });
  if ("errors" in read) return plainErrors(Object.entries(read.errors));
  const asked = await requestCreate(deps, caller, read.typed);
  if ("problems" in asked)
    return plainErrors(asked.problems.map((problem) => [fieldAbout(createArgs, problem), problem]));
  const { rwx } = read.typed;
  return accepted(asked.request, rwx === undefined ? undefined : `${showSize(rwx.gib)} (${rwx.text})`);
}

/** The form was closed: what was filled in is told to its person. Undefined: nothing was. */
export async function formClosed(deps: Deps, view: string): Promise<{ form: Form; message: SlackMessage } | undefined> {
  const form = await forms(deps.store).get(view);
  if (form === undefined) return undefined;
  await forms(deps.store).remove(view, () => true);
  if (!isFilled(createArgs, form.filled)) return undefined;
  return { form, message: closedMessage(wordsFor("create", createArgs, form.filled), JSON.stringify(form.filled)) };
}
