import * as z from "zod";
import { complaints, pointer } from "./complaints.ts";
import { type Json, Refusal } from "./model.ts";

// Slack's limits, as its reference gives them: https://docs.slack.dev/reference/block-kit/blocks and /composition-objects.
const MESSAGE_BLOCKS_MAX = 50;
const VIEW_BLOCKS_MAX = 100;

const plain = (max: number) =>
  z.looseObject({ type: z.literal("plain_text"), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) => z.looseObject({ type: z.literal("mrkdwn"), text: z.string().min(1).max(max) });
const either = (max: number) => z.discriminatedUnion("type", [plain(max), mrkdwn(max)]);

const blockId = z.string().max(255).optional();
const actionId = z.string().min(1).max(255).optional();
const option = z.looseObject({
  text: either(75),
  value: z.string().min(1).max(150),
  description: either(75).optional(),
});
const options = (max: number) => z.array(option).min(1).max(max);
const confirm = z.looseObject({ title: plain(100), text: either(300), confirm: plain(30), deny: plain(30) }).optional();

const button = z.looseObject({
  type: z.literal("button"),
  action_id: actionId,
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  confirm,
});
/** Slack compares whole options, not their values. */
const isOffered = (one: { options: readonly Json[]; initial_option?: Json | undefined }): boolean =>
  one.initial_option === undefined || one.options.some((o) => JSON.stringify(o) === JSON.stringify(one.initial_option));
const OFFERED = "must exactly match one of the options";

const select = z
  .looseObject({
    type: z.literal("static_select"),
    action_id: actionId,
    options: options(100),
    initial_option: option.optional(),
    placeholder: plain(150).optional(),
    confirm,
  })
  .refine(isOffered, OFFERED);
const overflow = z.looseObject({ type: z.literal("overflow"), action_id: actionId, options: options(5), confirm });
const checkboxes = z.looseObject({ type: z.literal("checkboxes"), action_id: actionId, options: options(10), confirm });
const radios = z.looseObject({ type: z.literal("radio_buttons"), action_id: actionId, options: options(10), confirm });
const textInput = z.looseObject({
  type: z.literal("plain_text_input"),
  action_id: actionId,
  initial_value: z.string().max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  min_length: z.int().min(0).max(3000).optional(),
  multiline: z.boolean().optional(),
  placeholder: plain(150).optional(),
  dispatch_action_config: z
    .looseObject({ trigger_actions_on: z.array(z.enum(["on_enter_pressed", "on_character_entered"])).min(1) })
    .optional(),
});
const image = z.looseObject({
  type: z.literal("image"),
  image_url: z.string().max(3000),
  alt_text: z.string().min(1).max(2000),
});
const element = z.discriminatedUnion("type", [button, select, overflow, checkboxes, radios]);

const block = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("header"), block_id: blockId, text: plain(150) }),
  z
    .looseObject({
      type: z.literal("section"),
      block_id: blockId,
      text: either(3000).optional(),
      fields: z.array(either(2000)).min(1).max(10).optional(),
      accessory: z.discriminatedUnion("type", [button, select, overflow, checkboxes, radios, image]).optional(),
    })
    .refine((section) => section.text !== undefined || section.fields !== undefined, "missing required field: text"),
  z.looseObject({ type: z.literal("divider"), block_id: blockId }),
  z.looseObject({
    type: z.literal("context"),
    block_id: blockId,
    elements: z
      .array(z.discriminatedUnion("type", [plain(3000), mrkdwn(3000), image]))
      .min(1)
      .max(10),
  }),
  z.looseObject({ type: z.literal("actions"), block_id: blockId, elements: z.array(element).min(1).max(25) }),
  z.looseObject({
    type: z.literal("input"),
    block_id: blockId,
    label: plain(2000),
    hint: plain(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
    element: z.discriminatedUnion("type", [textInput, select, checkboxes, radios]),
  }),
  z.looseObject({
    type: z.literal("image"),
    block_id: blockId,
    image_url: z.string(),
    alt_text: z.string().min(1).max(2000),
  }),
]);

const view = z.looseObject({
  type: z.enum(["modal", "home"]),
  title: plain(24).optional(),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3000).optional(),
  notify_on_close: z.boolean().optional(),
  clear_on_close: z.boolean().optional(),
  blocks: z.array(z.unknown()),
});

export type ViewInput = z.infer<typeof view>;

/** Where a name stands for the second time. */
const repeatedAt = (ids: readonly unknown[]): number =>
  ids.findIndex((id, at) => typeof id === "string" && ids.indexOf(id) !== at);

const exists = (field: string, name: unknown, where: string): string =>
  `\`${field}\` "${String(name)}" already exists ${where}`;

/** Names that must be unique: of blocks in a message or view, of actions in a block. */
function repeatedNames(blocks: readonly z.infer<typeof block>[], root: string): readonly string[] {
  const twice = repeatedAt(blocks.map((one) => one.block_id));
  const ofBlock = twice < 0 ? [] : [exists("block_id", blocks[twice]?.block_id, pointer(root, [twice, "block_id"]))];
  const ofActions = blocks.flatMap((one, at) => {
    const ids = one.type === "actions" ? one.elements.map((e) => e.action_id) : [];
    const again = repeatedAt(ids);
    return again < 0 ? [] : [exists("action_id", ids[again], pointer(root, [at, "elements", again, "action_id"]))];
  });
  return [...ofBlock, ...ofActions];
}

function parseBlocks(
  blocks: unknown,
  max: number,
  root: string,
): { blocks: readonly Json[]; wrong: readonly string[] } {
  const parsed = z.array(block).max(max).safeParse(blocks);
  return parsed.success
    ? { blocks: parsed.data, wrong: repeatedNames(parsed.data, root) }
    : { blocks: [], wrong: complaints(parsed.error, blocks, root) };
}

/** Blocks of a message. @throws Refusal `invalid_blocks` beyond a limit. */
export function messageBlocks(input: unknown): readonly Json[] {
  const { blocks, wrong } = parseBlocks(input, MESSAGE_BLOCKS_MAX, "/blocks");
  if (wrong.length > 0) throw new Refusal("invalid_blocks", wrong);
  return blocks;
}

function modalRules(modal: ViewInput, blocks: readonly Json[]): readonly string[] {
  if (modal.title === undefined) return [`missing required field: title ${pointer("/view")}`];
  const input = blocks.findIndex((one) => one["type"] === "input");
  return modal.submit === undefined && input >= 0
    ? [`must define \`submit\` to use an \`input\` block in modals ${pointer("/view", ["blocks", input, "input"])}`]
    : [];
}

/** A modal or a home tab. @throws Refusal `invalid_arguments` beyond a limit. */
export function viewOf(input: unknown): { readonly view: ViewInput; readonly blocks: readonly Json[] } {
  if (input === undefined) throw new Refusal("invalid_arguments", ["missing required field: view"]);
  const parsed = view.safeParse(input);
  if (!parsed.success) throw new Refusal("invalid_arguments", complaints(parsed.error, input, "/view"));
  const { blocks, wrong } = parseBlocks(parsed.data.blocks, VIEW_BLOCKS_MAX, "/view/blocks");
  const broken = [...wrong, ...(parsed.data.type === "modal" ? modalRules(parsed.data, blocks) : [])];
  if (broken.length > 0) throw new Refusal("invalid_arguments", broken);
  return { view: parsed.data, blocks };
}
