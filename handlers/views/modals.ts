import type { ModalView } from "@slack/types";

export const DENY_MODAL = "request:deny-reason";
export const REASON = { block: "reason", action: "text" } as const;
const REASON_CHARS_MAX = 500;

/** A deny needs a reason: the requester gets it. `value` is the button's own, `<request>:<plan hash>`. */
export function denyModal(value: string, channel: string): ModalView {
  return {
    type: "modal",
    callback_id: DENY_MODAL,
    private_metadata: JSON.stringify({ value, channel }),
    title: { type: "plain_text", text: "Deny the request" },
    submit: { type: "plain_text", text: "Deny" },
    close: { type: "plain_text", text: "Back" },
    blocks: [
      {
        type: "input",
        block_id: REASON.block,
        label: { type: "plain_text", text: "Reason, shown to the person who asked" },
        element: {
          type: "plain_text_input",
          action_id: REASON.action,
          multiline: true,
          min_length: 1,
          max_length: REASON_CHARS_MAX,
        },
      },
    ],
  };
}
