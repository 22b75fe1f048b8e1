/** What limits a ratio, in one sentence each; the first whose pattern fits is the one that is printed. */
export const LIMITS: readonly (readonly [RegExp, string])[] = [
  [
    /^ack/,
    "the commits to the disk: replay marks, record and request are there before the answer (synchronous = FULL)",
  ],
  [/^sweep.*seconds/, "taking each record apart: JSON.parse and its schema"],
  [/^sweep.*MiB/, "Node itself (about 100 MiB) and V8, which collects late while there is room"],
  [
    /^look at.*calls/,
    "pages: the rows of a listing come by the hundred, and the calls with them, not with the clusters",
  ],
  [/^look at.*seconds/, "taking the cloud's rows apart, and one look at each cluster's own API"],
  [/^look at.*MiB/, "Node itself, and the rows of one tenant at a time"],
  [/^cold start/, "Bolt itself: everything else is loaded after the function is there"],
  [
    /^the same with the first signed/,
    "what the answer needs and a start does not read: zod's schemas, the configuration, the store",
  ],
  [/^engine/, "the embedded OpenStack and the checks after each effect, which run on the same core as the engine"],
  [/seconds.*critical path/, "polls: a change is seen up to one interval (a second at least) after it happened"],
  [
    /create.*API calls/,
    "the plan made anew at the approval (some 25 reads), and a listing of each kind from when it may be there",
  ],
  [
    /delete.*API calls/,
    "listings: the first look, the proof at the end, and each kind that is still there in each poll",
  ],
  [/bare calls/, "the same as beside the critical path, and the plan made anew at the approval"],
  [
    /Heat/,
    "Heat walks the same graph; it makes the parts of a load balancer one after another and is spared 5 resources",
  ],
  [/CLI/, "each command starts a Python process and logs in"],
];

export const limitOf = (what: string): string => LIMITS.find(([pattern]) => pattern.test(what))?.[1] ?? "";
