import { type Arg, type Args, type ArgsOf, adviceFor, flagOf, labelOf, READERS } from "../args.ts";
import { AS_USUAL, type Choice, type Field } from "../views/form.ts";

/** What a form holds: the text of each field by the argument's name. */
export type Filled = Readonly<Record<string, string>>;

/** What is known besides the definition: menus, and what applies to a field that is left empty. */
export interface Known {
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  readonly usual: Filled;
}

const given = (filled: Filled, key: string): string | undefined => {
  const text = Object.hasOwn(filled, key) ? filled[key]?.trim() : undefined;
  return text === undefined || text === "" || text === AS_USUAL ? undefined : text;
};

function fieldOf(key: string, arg: Arg, filled: Filled, known: Known): Field {
  const usual = known.usual[key];
  const own = known.choices[key] ?? READERS[arg.type].choices?.map((value) => ({ value, label: value }));
  const asUsual =
    usual === undefined || known.choices[key] !== undefined
      ? []
      : [{ value: AS_USUAL, label: `As in the template: ${usual}` }];
  const value = given(filled, key) ?? (own === undefined ? "" : (asUsual[0]?.value ?? usual ?? ""));
  return {
    key,
    label: arg.title ?? labelOf(arg),
    help: `${arg.help.charAt(0).toUpperCase()}${arg.help.slice(1)}`,
    kind: arg.type === "yes" ? "flag" : own === undefined ? "text" : "choice",
    required: arg.place === "required",
    value,
    ...(usual === undefined || own !== undefined ? {} : { placeholder: usual }),
    ...(own === undefined ? {} : { choices: [...asUsual, ...own] }),
  };
}

/** A command's definition as fields. */
export const fieldsOf = (args: Args, filled: Filled, known: Known): readonly Field[] =>
  Object.entries(args).map(([key, arg]) => fieldOf(key, arg, filled, known));

/** The same values that the command's words would give, or what is wrong in which field. */
export function readFields<const A extends Args>(
  args: A,
  filled: Filled,
): { readonly typed: ArgsOf<A> } | { readonly errors: Filled } {
  const entries = Object.entries(args).flatMap(([key, arg]) => {
    const text = given(filled, key);
    if (text === undefined)
      return arg.place === "required" ? [{ key, error: `It needs a ${labelOf(arg)}: ${arg.help}.` }] : [];
    const value = READERS[arg.type].read(text);
    return [value === undefined ? { key, error: adviceFor(arg, text) } : { key, value }];
  });
  const wrong = entries.flatMap((one) => ("error" in one ? [[one.key, one.error] as const] : []));
  if (wrong.length > 0) return { errors: Object.fromEntries(wrong) };
  return { typed: Object.fromEntries(entries.map((one) => [one.key, "value" in one ? one.value : ""])) as ArgsOf<A> };
}

const quoted = (text: string): string => (/[\s"']/.test(text) ? `"${text.replaceAll('"', "")}"` : text);

/** What to type for the same: `/k8s create dev --rwx 100G`. Required words that are missing stand as their labels. */
export function wordsFor(name: string, args: Args, filled: Filled): string {
  const words = Object.entries(args).flatMap(([key, arg]) => {
    const text = given(filled, key);
    if (arg.place === "required") return [text === undefined ? labelOf(arg) : quoted(text)];
    if (text === undefined) return [];
    return arg.type === "yes" ? [flagOf(key)] : [flagOf(key), quoted(text)];
  });
  return ["/k8s", name, ...words].join(" ");
}

/** True when somebody filled in something. */
export const isFilled = (args: Args, filled: Filled): boolean =>
  Object.keys(args).some((key) => given(filled, key) !== undefined);

/** The field that a sentence is about: the one whose flag it names, or the first. */
export const fieldAbout = (args: Args, sentence: string): string =>
  Object.keys(args).find((key) => args[key]?.place === undefined && sentence.includes(flagOf(key))) ??
  Object.keys(args)[0] ??
  "";
