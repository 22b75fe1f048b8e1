import { CommanderError, Command as Words } from "commander";
import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { type Arg, type Args, type ArgsOf, adviceFor, flagOf, labelOf, READERS } from "./args.ts";
import type { HelpEntry } from "./views/help.ts";
import { code } from "./views/text.ts";

/** The person who types or clicks, where, and for which tenant that channel speaks. */
export interface Caller {
  readonly user: string;
  readonly channel: string;
  readonly tenant: string;
}

type ParsedArgs = Readonly<Record<string, unknown>>;

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly args: Args;
  /** What it looks like, after `/k8s`. */
  readonly example: string;
  run(args: ParsedArgs, caller: Caller, deps: Deps): Promise<SlackMessage>;
  /** What opens when it is typed alone; `trigger` is Slack's leave to open it, for 3 s. Undefined: it is open. */
  readonly open?: Opener;
}

type Opener = (caller: Caller, trigger: string, deps: Deps) => Promise<SlackMessage | undefined>;

/** One definition makes the parser, the help and the types of what `run` gets, so they cannot disagree. */
export function command<const A extends Args>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly args: A;
  readonly example: string;
  readonly open?: Opener;
  run(args: ArgsOf<A>, caller: Caller, deps: Deps): Promise<SlackMessage>;
}): Command {
  return { ...definition, run: (args, caller, deps) => definition.run(args as ArgsOf<A>, caller, deps) };
}

/** What a person typed does not fit; the message says what to type. */
class Misuse extends Error {
  override readonly name = "Misuse";
}

const places = (args: Args) => Object.entries(args).filter(([, arg]) => arg.place !== undefined);
const flags = (args: Args) => Object.entries(args).filter(([, arg]) => arg.place === undefined);

const placeWords = ([, arg]: readonly [string, Arg]): string =>
  arg.place === "required" ? labelOf(arg) : `[${labelOf(arg)}]`;
const flagWords = ([key, arg]: readonly [string, Arg]): string => `${flagOf(key)} ${labelOf(arg)}`.trim();

export const usageOf = (one: Command): string =>
  ["/k8s", one.name, ...places(one.args).map(placeWords), ...flags(one.args).map((arg) => `[${flagWords(arg)}]`)].join(
    " ",
  );

export const helpEntry = (one: Command): HelpEntry => ({
  name: one.name,
  summary: one.summary,
  usage: usageOf(one),
  example: `/k8s ${one.example}`,
  args: [
    ...places(one.args).map(([, arg]) => ({ label: labelOf(arg), help: arg.help })),
    ...flags(one.args).map((arg) => ({ label: flagWords(arg), help: arg[1].help })),
  ],
});

const typeThis = (one: Command): string => `Type ${code(`/k8s ${one.example}`)}.`;

function read(arg: Arg, text: string): unknown {
  const value = READERS[arg.type].read(text);
  if (value === undefined) throw new Misuse(adviceFor(arg, text));
  return value;
}

function readFlag(key: string, arg: Arg, text: string, before: unknown): unknown {
  // Commander takes the next word whatever it is; another flag there means that the value was forgotten.
  if (text === "" || text.startsWith("--")) throw new Misuse(missingValue(key, arg));
  if (before !== undefined) throw new Misuse(`${code(flagOf(key))} is given twice: leave one out.`);
  return read(arg, text);
}

const missingValue = (key: string, arg: Arg): string => {
  const write = READERS[arg.type].advice.split(": ").at(-1) ?? "write one";
  return `${code(flagOf(key))} needs a value after it: ${write}.`;
};

const guess = (message: string): string => {
  const found = /\(Did you mean (?:one of )?([^)]*)\?\)/.exec(message)?.[1];
  return found === undefined
    ? ""
    : `; did you mean ${found
        .split(", ")
        .map((one) => code(one))
        .join(" or ")}?`;
};

/** Commander's error as one sentence that says what to type. */
function sentence(error: CommanderError, all: readonly Command[], words: readonly string[]): string {
  const named = /'([^']*)'/s.exec(error.message)?.[1] ?? "";
  const one = all.find((other) => other.name === words[0]);
  const help = code(one === undefined ? "/k8s help" : `/k8s help ${one.name}`);
  const about = guess(error.message);
  const end = about === "" ? `: type ${help} to see what there is.` : `${about} Type ${help} to see what there is.`;
  if (error.code === "commander.unknownCommand") return `There is no command ${code(named, 60)}${end}`;
  if (one === undefined) return `That is not a command${end}`;
  switch (error.code) {
    case "commander.unknownOption": {
      const long = `-${named}`;
      const known = flags(one.args).some(([key]) => flagOf(key) === long);
      const hint = known ? `; did you mean ${code(long)}? Type ${help} to see what there is.` : end;
      return `${code(`/k8s ${one.name}`)} has no ${code(named, 60)}${hint}`;
    }
    case "commander.missingArgument": {
      const arg = one.args[named];
      return `${code(`/k8s ${one.name}`)} needs a ${arg === undefined ? named : labelOf(arg)}. ${typeThis(one)}`;
    }
    case "commander.optionMissingArgument": {
      const found = flags(one.args).find(([key]) => flagOf(key) === named.split(" ")[0]);
      return found === undefined ? typeThis(one) : missingValue(...found);
    }
    default:
      return `${code(`/k8s ${one.name}`)} takes fewer words than that. ${typeThis(one)}`;
  }
}

function define(root: Words, one: Command, chosen: (args: ParsedArgs) => void): void {
  const sub = root.command(one.name).helpOption(false);
  // In a sentence of a person `--workers` is a word like any other.
  if (places(one.args).some(([, arg]) => arg.type === "words")) sub.passThroughOptions();
  for (const [key, arg] of places(one.args)) {
    const all = arg.type === "words";
    const name = `${key}${all ? "..." : ""}`;
    // The words of a reason come one by one; they are joined again below.
    const value = all ? (text: string, before: unknown) => [...(Array.isArray(before) ? before : []), text] : undefined;
    const parse = value ?? ((text: string) => read(arg, text));
    sub.argument(arg.place === "required" ? `<${name}>` : `[${name}]`, arg.help, parse);
  }
  for (const [key, arg] of flags(one.args)) {
    if (arg.type === "yes") sub.option(flagOf(key), arg.help);
    else
      sub.option(`${flagOf(key)} <value>`, arg.help, (text: string, before: unknown) =>
        readFlag(key, arg, text, before),
      );
  }
  sub.action(() => {
    const typed = places(one.args).map(([key], at) => {
      const value: unknown = sub.processedArgs[at];
      return [key, Array.isArray(value) ? value.join(" ") : value];
    });
    chosen(Object.fromEntries([...typed, ...Object.entries(sub.opts())].filter(([, value]) => value !== undefined)));
  });
}

export type Parsed =
  | { readonly command: Command; readonly args: ParsedArgs; readonly misuse?: never }
  | { readonly misuse: string };

/** Reads words by the definitions. Never prints and never exits: what does not fit comes back as what to type. */
export function parseWords(all: readonly Command[], words: readonly string[]): Parsed {
  let parsed: Parsed | undefined;
  // Built for each request: a Commander command keeps the options of its last parse.
  const root = new Words("/k8s").exitOverride().helpOption(false).helpCommand(false);
  root.enablePositionalOptions();
  root.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  for (const one of all) {
    define(root, one, (args) => {
      parsed = { command: one, args };
    });
  }
  try {
    root.parse([...words], { from: "user" });
  } catch (error) {
    if (error instanceof Misuse) return { misuse: error.message };
    if (error instanceof CommanderError) return { misuse: sentence(error, all, words) };
    throw error;
  }
  return parsed ?? { misuse: `That is not a command: type ${code("/k8s help")} to see what there is.` };
}
