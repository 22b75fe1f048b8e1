import { command } from "../command.ts";
import { cancel as cancelRequest, decide } from "../decide.ts";

const request = {
  type: "request",
  place: "required",
  help: "the six letters and digits at the foot of its message",
} as const;

export const approve = command({
  name: "approve",
  summary: "Approve a request as its message shows it now",
  example: "approve k3m9qz",
  args: { request },
  run: (args, { user, channel }, deps) => decide(deps, { request: args.request, user, channel, verdict: "approve" }),
});

export const deny = command({
  name: "deny",
  summary: "Deny a request and say why",
  example: "deny k3m9qz too many servers for a test",
  args: {
    request,
    reason: { type: "words", place: "required", label: "REASON", help: "why, for the person who asked" },
  },
  run: (args, { user, channel }, deps) =>
    decide(deps, { request: args.request, user, channel, verdict: "deny", reason: args.reason }),
});

export const cancel = command({
  name: "cancel",
  summary: "Take back a request of yours",
  example: "cancel k3m9qz",
  args: { request },
  run: (args, { user, channel }, deps) => cancelRequest(deps, { request: args.request, user, channel }),
});
