import { kmsMessage } from "../../../../handlers/views/on-call/kms.ts";
import type { KeyTruth } from "../../../../shared/resources/key-truth.ts";
import { wordsOf } from "../../desk.ts";
import { NOW_MS } from "../../given.ts";
import { keysOf, keyTruth } from "./given.ts";

// Goal: what of the keys is missing, open to others or about to end is told with what is lost by it and what to do.
const lines = (...of: Parameters<typeof keysOf>) => wordsOf(kmsMessage(keysOf(...of))).split("\n");
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(NOW_MS + days * DAY_MS).toISOString();
const { id: _, status: _s, shared: _a, ...gone } = keyTruth();
const login = keyTruth({ step: "credential/controllers" });

test("all well: who may read it, until when, and never what is in it", () => {
  const { shared: _acl, ...plain } = login;
  expect(lines([keyTruth(), { ...plain, expiresAt: inDays(300) }, plain])).toEqual([
    ":white_check_mark: The key, the secrets and the logins of *dev* are as they should be.",
    ":white_check_mark: secret pki ACTIVE, private `b1`",
    expect.stringMatching(/^:white_check_mark: credential controllers ACTIVE, ends <!date.*> `b1`$/),
    ":white_check_mark: credential controllers ACTIVE, goes with the cluster `b1`",
    "The API server was asked for its KMS plugin too. What is in a secret is never read for this",
  ]);
});

test.each<[string, KeyTruth, string]>([
  [
    "the encryption key",
    { ...gone, step: "key/kms" },
    ":x: *encryption key kms*: It is gone. Without it nobody can read the cluster's Secrets any more: kinvirt makes no other one. An operator looks for it in Barbican.",
  ],
  [
    "the authorities",
    gone,
    ":x: *secret pki*: It is gone. Without it nobody gets into the cluster anew, kinvirt neither: it is made once. An operator looks for it in Barbican.",
  ],
  [
    "a login",
    { ...gone, step: "credential/storage" },
    ":x: *credential storage*: It is gone. `/k8s retry dev` makes it again.",
  ],
])("%s that is gone", (_what, one, said) => {
  expect(lines([one]).slice(0, 2)).toEqual([":warning: *dev*: 1 thing needs a person.", said]);
});

test.each<[string, KeyTruth, string]>([
  ["not made yet", { ...gone, made: false }, "It is not there yet."],
  ["being made", keyTruth({ status: "PENDING" }), "Barbican is still making it (PENDING)."],
  [
    "in error",
    keyTruth({ step: "secret/kms", status: "ERROR", fault: "no store" }),
    "It is in ERROR: no store. `/k8s retry dev` makes it again.",
  ],
  [
    "open",
    keyTruth({ shared: true }),
    "Everybody with a role in the project may read it: `/k8s retry dev` makes it private again.",
  ],
  [
    "ending",
    { ...login, expiresAt: inDays(3) },
    "It ends in 3d: `/k8s renew dev` gives the cluster's programs new ones.",
  ],
  [
    "ended",
    { ...login, expiresAt: inDays(-1) },
    "It has ended: `/k8s renew dev` gives the cluster's programs new ones.",
  ],
])("one that is %s", (_what, one, said) => {
  expect(lines([one])[1]?.replace(/^:\w+: \*[^*]+\*: /, "")).toBe(said);
});

test("a KMS plugin that does not answer, and an API that did not tell", () => {
  expect(lines([keyTruth()], { failing: ["kms-providers"] })[1]).toContain(
    ":x: *KMS plugin*: The API server says that its KMS plugin does not answer, so Secrets can't be read",
  );
  const { failing: _f, ...silent } = keysOf([keyTruth()]);
  expect(wordsOf(kmsMessage(silent))).toContain("The API server did not answer, so nothing is known of its KMS plugin");
});
