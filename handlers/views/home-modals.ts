import type { ModalView } from "@slack/types";
import type { Request } from "../../shared/cluster/request.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { planBlocks } from "./plan.ts";
import { bullets, code, mention, moment, quote, section, small } from "./text.ts";

export const PLAN_MODAL = "home:plan";

/** An answer where there is no channel to answer in. `channel`: where its buttons belong to. */
export const saidModal = (message: SlackMessage, channel: string): ModalView => ({
  type: "modal",
  private_metadata: JSON.stringify({ channel }),
  title: { type: "plain_text", text: "kinvirt" },
  close: { type: "plain_text", text: "Close" },
  blocks: [...message.blocks],
});

/** The exact plan, for an approver who decides from the home tab. */
export const planModal = (request: Request): ModalView => ({
  type: "modal",
  callback_id: PLAN_MODAL,
  private_metadata: JSON.stringify({ value: `${request.id}:${request.plan?.hash ?? ""}`, channel: request.channel }),
  title: { type: "plain_text", text: "Approve a plan" },
  submit: { type: "plain_text", text: "Approve" },
  close: { type: "plain_text", text: "Not now" },
  blocks: [
    section(`:raised_hand: ${request.action === "create" ? "" : "The delete of "}*${request.name}* needs an approval.`),
    ...(request.reasons.length === 0 ? [] : [section(`*Why*\n${bullets(request.reasons.map((one) => quote(one)))}`)]),
    ...(request.plan === undefined ? [] : planBlocks(request.plan)),
    small(`asked for by ${mention(request.requester)} ${moment(request.createdMs)}`),
    small(`${quote(request.tenant, 60)} · request ${code(request.id)}`),
  ],
});
