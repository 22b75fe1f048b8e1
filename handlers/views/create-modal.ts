import type { ModalView } from "@slack/types";
import type { Plan } from "../../shared/cluster/plan.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { AS_USUAL, type Field, fieldBlock } from "./form.ts";
import { planBlocks } from "./plan.ts";
import { actions, bullets, code, message, plural, quote, section, small } from "./text.ts";

export const CREATE_MODAL = "create:form";
/** Actions of the form's buttons: `open`'s value is what the form begins with, as JSON. */
export const CREATE_ACTIONS = { open: "create:open", preview: "create:preview" } as const;

/** What the form says below its fields. */
export type Preview =
  | { readonly is: "looking" }
  /** `reasons`: why it would need an approval. `room`: how many workers there could be beside these. */
  | { readonly is: "plan"; readonly plan: Plan; readonly reasons: readonly string[]; readonly room: number }
  /** What is to be changed, as sentences; `ours` are mrkdwn, the others plain. */
  | { readonly is: "problems"; readonly problems: readonly string[]; readonly ours: boolean }
  | { readonly is: "away"; readonly why: string };

function roomWords({ plan, room }: Extract<Preview, { is: "plan" }>): Block {
  const more = room === 0 ? "no room for a further worker" : `room for ${plural(room, "more worker")}`;
  return small(`Beside these there is ${more} (${quote(plan.spec.workers.flavor, 60)})`);
}

/** Above the fields, where it is seen while one chooses; what it rests on is below them. */
function verdict(preview: Preview): Block {
  switch (preview.is) {
    case "looking":
      return section(":mag: *Still looking* at quota and price; they appear here in a moment.");
    case "away":
      return section(":hourglass_flowing_sand: *Quota and price can't be told now*; why is below.");
    case "problems":
      return section(`:no_entry: *${plural(preview.problems.length, "thing")} to change*, named below.`);
    case "plan": {
      const { price } = preview.plan;
      const cost =
        price === undefined
          ? ""
          : `, for ${price.perHour.toFixed(2)} ${price.currency} an hour, ${price.perMonth.toFixed(2)} a month`;
      return preview.reasons.length === 0
        ? section(`:white_check_mark: *It fits*${cost}, and needs no approval.`)
        : section(`:raised_hand: *It fits*${cost}, and needs an approval.`);
    }
  }
}

function previewBlocks(preview: Preview): readonly Block[] {
  switch (preview.is) {
    case "looking":
      return [];
    case "away":
      return [
        section(quote(preview.why, 500)),
        small("You can send the form all the same: it is planned as soon as the cloud answers"),
      ];
    case "problems": {
      const lines = preview.ours ? preview.problems : preview.problems.map((one) => quote(one, 500));
      return [section(`*To change*\n${bullets(lines)}`)];
    }
    case "plan":
      return [
        ...(preview.reasons.length === 0
          ? []
          : [section(`*Why it needs an approval*\n${bullets(preview.reasons.map((one) => quote(one)))}`)]),
        ...planBlocks(preview.plan),
        roomWords(preview),
      ];
  }
}

/** `channel` is where the request will be shown. */
export const createModal = (form: {
  readonly tenant: string;
  readonly channel: string;
  readonly fields: readonly Field[];
  readonly preview: Preview;
}): ModalView => ({
  type: "modal",
  callback_id: CREATE_MODAL,
  private_metadata: JSON.stringify({ channel: form.channel }),
  notify_on_close: true,
  title: { type: "plain_text", text: "Create a cluster" },
  submit: { type: "plain_text", text: "Ask for it" },
  close: { type: "plain_text", text: "Cancel" },
  blocks: [
    verdict(form.preview),
    small(
      `For *${quote(form.tenant, 60)}*. What is left empty is as the template says; Enter in a field brings its price`,
    ),
    ...form.fields.map(fieldBlock),
    actions({ action: CREATE_ACTIONS.preview, label: "Show plan and price", value: AS_USUAL }),
    { type: "divider" },
    ...previewBlocks(form.preview),
  ],
});

/** For whoever closed the form: nothing is lost. `words` is the same as a command, `filled` the form's content as JSON. */
export const closedMessage = (words: string, filled: string): SlackMessage =>
  message(
    `:memo: The form was closed, and nothing was asked for. To go on, type ${code(words)}`,
    actions({ action: CREATE_ACTIONS.open, label: "Open the form again", value: filled }),
  );

/** A button that opens the form; where there is nothing yet, it is the next thing to do. */
export const createButton = { action: CREATE_ACTIONS.open, label: "Create a cluster", value: "{}" } as const;
