import { parseWords } from "../../../handlers/command.ts";
import { commands } from "../../../handlers/commands/index.ts";
import { draftOf } from "../../../handlers/create.ts";
import { typedCreate } from "../../../handlers/views/plan.ts";
import { requestMessage } from "../../../handlers/views/request.ts";
import { splitWords } from "../../../handlers/words.ts";
import { desk, wordsOf } from "../desk.ts";
import { NOW_MS, request, spec } from "../given.ts";

// Goal: where a message says what to type for the same cluster, typing that asks for the same cluster and for no other.
const { config } = desk().deps;

test.each([
  ["as the template has it", {}],
  ["with everything", { rwxGib: 94, rwo: true, ttlSeconds: 129_600, cni: "cilium", version: "1.35" }],
  ["of other sizes", { workers: { count: 7, flavor: "m1.large" }, controlPlane: { count: 3, flavor: "m1.medium" } }],
] as const)("%s", (_what, over) => {
  const asked = spec(over);
  const words = splitWords(typedCreate(asked).replace("/k8s ", ""));
  const parsed = parseWords(commands, "problem" in words ? [] : words);
  if (parsed.misuse !== undefined) throw new Error(parsed.misuse);
  // Who wishes no end gets the longest that the team may have.
  const ttlSeconds = config.tenants["team-a"]?.limits.ttl;
  expect(draftOf(config, "team-a", parsed.args as never)).toEqual({ spec: { ttlSeconds, ...asked } });
});

test("a request that lapsed and a dry run say it, with all that was asked for", () => {
  const typed =
    "`/k8s create dev --template small --workers 2 --control-plane 1 --version 1.36 --cni calico --rwx 94Gi`";
  const asked = request({ spec: spec({ rwxGib: 94 }) });
  expect(wordsOf(requestMessage({ ...asked, state: "expired" }, NOW_MS))).toContain(`To ask again, type ${typed}`);
  const dry = requestMessage({ ...asked, state: "approved", dryRun: true }, NOW_MS);
  expect(wordsOf(dry)).toContain(`To ask for it, type ${typed}`);
  const kept = request({ state: "expired", action: "delete", keepData: true });
  expect(wordsOf(requestMessage(kept, NOW_MS))).toContain("To ask again, type `/k8s delete dev --keep-data`");
});
