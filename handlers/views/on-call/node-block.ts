import type { Block } from "../../../shared/ports/slack.ts";
import type { MemberTruth } from "../../../shared/resources/node-truth.ts";
import { code, listed, moment, quote, section } from "../text.ts";
import { msOf } from "./finding.ts";

function consoleLines({ lastLines, untold }: MemberTruth): readonly string[] {
  if (untold !== undefined) return [`Nova does not tell the end of its console: ${quote(untold, 200)}`];
  if (lastLines === undefined) return [];
  if (lastLines.length === 0) return ["Its console says nothing."];
  return ["The end of its console:", ...lastLines.map((line) => code(line, 160))];
}

/** One member: its server beside its node, and the end of its console where that may say why. */
export function memberBlock(one: MemberTruth, answered: boolean): Block {
  const { server, node } = one;
  const createdMs = msOf(server?.createdAt);
  const unknown = node === undefined && !answered && server?.status === "ACTIVE" ? ":grey_question:" : ":x:";
  const sign = node?.ready === "True" && server?.status === "ACTIVE" ? ":white_check_mark:" : unknown;
  const ready = node?.ready === "True" ? "Ready" : node?.ready === "False" ? "NotReady" : "Unknown";
  const state = node === undefined ? (answered ? "no node" : "node not known") : ready;
  const changedMs = msOf(server?.updatedAt);
  const readyMs = msOf(node?.since);
  const since = readyMs === undefined ? "" : ` · ${ready} since ${moment(readyMs)}`;
  const words = [
    `${sign} *${quote(one.name, 100)}* ${server === undefined ? "no server" : `server ${quote(server.status, 30)}`}, ${state}`,
    ...(server === undefined
      ? []
      : [
          [
            ...(server.task === undefined ? [] : [quote(server.task, 40)]),
            quote(server.flavor, 60),
            ...server.addresses.map((address) => code(address)),
            code(server.id),
            ...(createdMs === undefined ? [] : [`made ${moment(createdMs)}`]),
            ...(server.status === "ACTIVE" || changedMs === undefined ? [] : [`so since ${moment(changedMs)}`]),
          ].join(" · "),
        ]),
    ...(node === undefined
      ? []
      : [`node ${code(node.name, 100)} · kubelet ${quote(node.kubelet ?? "not told", 40)}${since}`]),
    ...consoleLines(one),
  ];
  return section(listed(words, 20));
}
