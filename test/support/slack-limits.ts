import * as z from "zod";

/**
 * Slack's documented limits, read strictly: a field that its reference does not name is a mistake of ours. Written from
 * https://docs.slack.dev/reference/block-kit and not from the sandbox, so that each checks the other.
 */
export type Surface = "message" | "modal" | "home";

const BLOCKS_MAX: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** Of all texts in the blocks of one message; Slack answers `msg_blocks_too_long`. */
const MESSAGE_CHARS_MAX = 12_000;
const TEXT_CHARS_MAX = 4000;

const text = (max: number) => z.string().min(1).max(max);
const plain = (max: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: text(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: text(max), verbatim: z.boolean().optional() });
const either = (max: number) => z.discriminatedUnion("type", [plain(max), mrkdwn(max)]);

const id = text(255);
const option = z.strictObject({ text: either(75), value: text(150), description: either(75).optional() });
const chosen = (max: number) => z.array(option).min(1).max(max);
const confirm = z
  .strictObject({
    title: plain(100),
    text: either(300),
    confirm: plain(30),
    deny: plain(30),
    style: z.enum(["primary", "danger"]).optional(),
  })
  .optional();
const acting = { action_id: id, confirm, focus_on_load: z.boolean().optional() };

const button = z.strictObject({
  type: z.literal("button"),
  action_id: id,
  confirm,
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  accessibility_label: text(75).optional(),
});
const isOffered = (one: { options: readonly unknown[]; initial_option?: unknown }): boolean =>
  one.initial_option === undefined || one.options.some((o) => JSON.stringify(o) === JSON.stringify(one.initial_option));
const areOffered = (one: { options: readonly unknown[]; initial_options?: readonly unknown[] | undefined }): boolean =>
  (one.initial_options ?? []).every((initial) => isOffered({ options: one.options, initial_option: initial }));
const select = z
  .strictObject({
    ...acting,
    type: z.literal("static_select"),
    options: chosen(100),
    initial_option: option.optional(),
    placeholder: plain(150).optional(),
  })
  .refine(isOffered, "what is chosen at first is not among the options");
const overflow = z.strictObject({ type: z.literal("overflow"), action_id: id, confirm, options: chosen(5) });
const checkboxes = z
  .strictObject({
    ...acting,
    type: z.literal("checkboxes"),
    options: chosen(10),
    initial_options: chosen(10).optional(),
  })
  .refine(areOffered, "what is chosen at first is not among the options");
const radios = z
  .strictObject({
    ...acting,
    type: z.literal("radio_buttons"),
    options: chosen(10),
    initial_option: option.optional(),
  })
  .refine(isOffered, "what is chosen at first is not among the options");
const field = z.strictObject({
  type: z.literal("plain_text_input"),
  action_id: id,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  placeholder: plain(150).optional(),
  focus_on_load: z.boolean().optional(),
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(["on_enter_pressed", "on_character_entered"])).min(1) })
    .optional(),
});
const image = z.strictObject({ type: z.literal("image"), image_url: z.url().max(3000), alt_text: text(2000) });

const block_id = id.optional();
const header = z.strictObject({ type: z.literal("header"), block_id, text: plain(150) });
const divider = z.strictObject({ type: z.literal("divider"), block_id });
const section = z
  .strictObject({
    type: z.literal("section"),
    block_id,
    text: either(3000).optional(),
    fields: z.array(either(2000)).min(1).max(10).optional(),
    accessory: z.union([button, select, overflow, checkboxes, radios, image]).optional(),
    expand: z.boolean().optional(),
  })
  .refine((one) => one.text !== undefined || one.fields !== undefined, "a section needs text or fields");
const context = z.strictObject({
  type: z.literal("context"),
  block_id,
  elements: z
    .array(z.union([mrkdwn(3000), plain(3000), image]))
    .min(1)
    .max(10),
});
const actions = z.strictObject({
  type: z.literal("actions"),
  block_id,
  elements: z
    .array(z.union([button, select, overflow, checkboxes, radios]))
    .min(1)
    .max(25),
});
const input = z.strictObject({
  type: z.literal("input"),
  block_id,
  label: plain(2000),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: z.union([field, select, checkboxes, radios]),
});
const block = z.union([header, divider, section, context, actions, input]);
type Block = z.infer<typeof block>;

const repeated = (all: readonly (string | undefined)[]): readonly string[] =>
  all.filter((one): one is string => one !== undefined).filter((one, at, known) => known.indexOf(one) !== at);

const actionsOf = (one: Block): readonly string[] => {
  if (one.type === "actions") return one.elements.map((element) => element.action_id);
  if (one.type === "input") return [one.element.action_id];
  return one.type === "section" && one.accessory !== undefined && "action_id" in one.accessory
    ? [one.accessory.action_id]
    : [];
};

function charsOf(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  const own = "text" in part && typeof part.text === "string" ? part.text.length : 0;
  return Object.values(part).reduce((sum: number, inner: unknown) => sum + charsOf(inner), own);
}

const blocksOf = (surface: Surface) =>
  z
    .array(block)
    .min(surface === "message" ? 0 : 1)
    .max(BLOCKS_MAX[surface])
    .superRefine((all, found) => {
      const wrong = (message: string): void => found.addIssue({ code: "custom", message });
      for (const one of repeated(all.map((each) => each.block_id))) wrong(`two blocks are called ${one}`);
      for (const one of all.flatMap((each) => repeated(actionsOf(each)))) wrong(`two actions of a block are ${one}`);
      if ((JSON.stringify(all).match(/"focus_on_load":true/g) ?? []).length > 1) wrong("two elements want the focus");
      if (surface === "message" && charsOf(all) > MESSAGE_CHARS_MAX) wrong(`all texts have ${charsOf(all)} characters`);
    });

const common = {
  callback_id: text(255).optional(),
  external_id: text(255).optional(),
  private_metadata: z.string().max(3000).optional(),
};
const SURFACES = {
  message: z.strictObject({ text: text(TEXT_CHARS_MAX), blocks: blocksOf("message") }),
  home: z.strictObject({ type: z.literal("home"), ...common, blocks: blocksOf("home") }),
  modal: z
    .strictObject({
      type: z.literal("modal"),
      ...common,
      title: plain(24),
      submit: plain(24).optional(),
      close: plain(24).optional(),
      clear_on_close: z.boolean().optional(),
      notify_on_close: z.boolean().optional(),
      blocks: blocksOf("modal"),
    })
    .refine((one) => one.submit !== undefined || one.blocks.every(({ type }) => type !== "input"), "no submit"),
};

/** Where and why Slack would not take it, or what is in it that Slack knows nothing of; none: it is well. */
export function slackProblems(surface: Surface, view: unknown): readonly string[] {
  const read = SURFACES[surface].safeParse(view);
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}
