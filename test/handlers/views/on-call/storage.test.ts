import { storageFindings, storageMessage } from "../../../../handlers/views/on-call/storage.ts";
import type { ShareTruth } from "../../../../shared/resources/storage-truth.ts";
import { wordsOf } from "../../desk.ts";
import { share, storageOf } from "./given.ts";

// Goal: whether the shared storage can be mounted, by whom and from where, and whether what is claimed finds room.
const lines = (...of: Parameters<typeof storageOf>) => wordsOf(storageMessage(storageOf(...of))).split("\n");

test("well: exports, rules, claims and room", () => {
  const claims = [{ kind: "volume" as const, id: "v1", status: "in-use", gib: 3, claim: "default/data" }];
  const quota = [{ service: "shared-file-system" as const, resource: "gigabytes", limit: 1024, used: 94 }];
  const networks = [{ id: "n1", name: "dev-net" }];
  const one = share({ networkId: "n1" });
  expect(lines([one], { truth: { shares: [one], networks, claims, quota } })).toEqual([
    ":white_check_mark: The storage of *dev* is well: 1 share, 1 claimed.",
    "*Shared storage* 94 GiB, NFS, available `share-1`",
    "exported as `10.254.0.5:/shares/share-1`",
    "`10.20.0.0/24` may mount it (rw): active",
    "share network dev-net `n1`",
    "*Claimed in it*",
    "• volume, 3 GiB, in-use for `default/data` `v1`",
    "*Room in the project*",
    "• gigabytes: 930 GiB left of 1 TiB",
  ]);
});

const rule = (over: object) => ({
  rules: [{ id: "rule-1", to: "10.20.0.0/24", level: "rw", state: "active", ...over }],
});
test.each<[string, Partial<ShareTruth>, string]>([
  [
    "in error",
    { status: "error", messages: ["no capacity"] },
    "Manila has it as error: no capacity. Its data may be there still: ask its operator.",
  ],
  ["being extended", { status: "extending" }, "Manila is working on it (extending). Look again in a minute."],
  [
    "without a rule",
    { rules: [] },
    "No access rule lets the nodes (`10.20.0.0/24`) mount it: `/k8s retry dev` makes it again.",
  ],
  [
    "with a refused rule",
    rule({ state: "error" }),
    "Its storage refused the access rule of `10.20.0.0/24`: an operator looks in Manila's log.",
  ],
  [
    "with a rule on its way",
    rule({ state: "queued_to_apply" }),
    "The access rule of `10.20.0.0/24` is queued_to_apply: look again in a minute.",
  ],
  [
    "with a rule to read only",
    rule({ level: "ro" }),
    "The nodes (`10.20.0.0/24`) may read it and write nothing: `openstack share access delete share-1 rule-1` takes that rule away, then `/k8s retry dev` makes the right one.",
  ],
  [
    "exported nowhere",
    { exports: [] },
    "It is exported nowhere, so nobody can mount it: an operator looks at its share server.",
  ],
  ["too small", { gib: 50 }, "It has 50 GiB and should have 94 GiB: `/k8s retry dev` extends it."],
])("a share that is %s", (_what, over, said) => {
  expect(lines([share(over)])[1]?.replace(/^:\w+: \*shared storage\*: /, "")).toBe(said);
});

test("one that everybody may mount", () => {
  const { rules } = share();
  expect(
    lines([share({ rules: [...rules, { id: "rule-2", to: "0.0.0.0/0", level: "ro", state: "active" }] })])[1],
  ).toBe(":x: *shared storage*: Everybody may mount it (`0.0.0.0/0`): take that rule away unless somebody means it.");
});

test("gone, not there yet, never wanted, and going", () => {
  expect(lines([])[1]).toContain("It is gone from Manila, and what was on it with it");
  expect(lines([], { made: false })[1]).toContain("It is not there yet: `/k8s status dev` shows what it waits for.");
  const { gib: _, ...none } = storageOf([]);
  expect(wordsOf(storageMessage(none))).toBe(":white_check_mark: *dev* has no storage of its own and nothing claimed.");
  expect(lines([], { stage: "leaving" })[0]).toContain(":white_check_mark:");
});

test("a claim in error, and a quota that is nearly used up", () => {
  const claims = [{ kind: "share" as const, id: "c1", status: "error_deleting" }];
  const quota = [{ service: "shared-file-system" as const, resource: "shares", limit: 10, used: 9 }];
  const said = lines([share()], { truth: { shares: [share()], networks: [], claims, quota } });
  expect(said.slice(1, 3)).toEqual([
    ":x: *share of the claim `c1`*: Manila has it as error_deleting: ask its operator before it is deleted.",
    ":hourglass_flowing_sand: *Manila's quota of shares*: 9 of 10 are used, so the next claim may find no room: an operator raises it.",
  ]);
});

test.each([
  ["shares", 10, 9, 1],
  ["gigabytes", 100, 89, 0],
  ["share_networks", 0, 0, 0],
  ["share_networks", 10, 10, 0],
])("of %s %s, %s are used: %s thing to look at, as claims take no share networks", (resource, limit, used, count) => {
  const quota = [{ service: "shared-file-system" as const, resource, limit, used }];
  const found = storageFindings(
    storageOf([share()], { truth: { shares: [share()], networks: [], claims: [], quota } }),
  );
  expect(found).toHaveLength(count);
});
