import type { SlackMessage } from "../../shared/ports/slack.ts";
import { code, message, quote, section, small } from "./text.ts";

export interface HelpEntry {
  readonly name: string;
  readonly summary: string;
  /** `/k8s create NAME [--rwx SIZE]`. */
  readonly usage: string;
  readonly args: readonly { readonly label: string; readonly help: string }[];
  readonly example: string;
}

/** Every command, or one with all that it takes. */
export function helpMessage(entries: readonly HelpEntry[], only?: string): SlackMessage {
  const one = entries.find((entry) => entry.name === only);
  if (one !== undefined) {
    const args = one.args.map((arg) => `${code(arg.label)} ${quote(arg.help)}`).join("\n");
    return message(
      `*/k8s ${one.name}*: ${one.summary}`,
      section(code(one.usage)),
      ...(args === "" ? [] : [section(args)]),
      small(`For example ${code(one.example)}`),
    );
  }
  return message(
    "*kinvirt* gives teams Kubernetes clusters on OpenStack. Type:",
    section(entries.map((entry) => `${code(entry.usage)}\n${entry.summary}`).join("\n")),
    small(`${code("/k8s help create")} tells all about one of them`),
  );
}
