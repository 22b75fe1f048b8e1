/** What limits a ratio, in one sentence each; the first whose pattern fits is the one that is printed. */
export const LIMITS: readonly (readonly [RegExp, string])[] = [
  [
    /^ack.*Bolt/,
    "the commits to the disk, of which a bare Bolt has none: replay marks, record and request are there before the answer",
  ],
  [/^ack/, "the same commits to the disk (synchronous = FULL): as slow as its slowest fsync"],
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
  [
    /^engine/,
    "a life is some 700 effects (calls to store, cloud, Slack and clusters); the embedded OpenStack and the checks after each effect run on the same core",
  ],
  [
    /sandbox, create.*critical path/,
    "the last machine, add-on and approval of a certificate are each seen by a look, half a second to a second after they are there",
  ],
  [
    /sandbox, delete.*critical path/,
    "the look that sees the last server gone (every half second near the usual end), and a listing of every kind as the proof",
  ],
  [
    /lab, create.*critical path/,
    "below 1 the path holds waits for services that answer one call at a time; above it, looks at machines and add-ons",
  ],
  [
    /lab, delete.*critical path/,
    "Neutron and Nova answer one after another what is removed side by side, and the proof waits 0.65 s for Designate",
  ],
  [
    /create 1\+2: API calls/,
    "the plan made anew at the approval (14 reads), nine calls for each node's payload and login until both are proved gone, and looks at load balancer and servers",
  ],
  [
    /create 3\+3: API calls/,
    "the same with three rounds of looks at servers, for control planes are made one after another",
  ],
  [
    /delete 1\+2: API calls/,
    "a listing of what was removed, one of every kind as the proof (some 24 calls), and a look at servers each half second near the end",
  ],
  [/delete 3\+3: API calls/, "the same: listings are by kind and not by server, so only the removes grow"],
  [
    /create.*bare calls/,
    "the plan made anew at the approval (one round of reads: 0.6 s, Designate's answer), and payload, private and login of each machine before its server",
  ],
  [
    /delete.*bare calls/,
    "a look at what the cluster has made before its servers go, and the listing of every kind as the proof (0.65 s), which the bare calls have not",
  ],
  [
    /create.*Heat/,
    "Heat makes the parts of a load balancer one after another and polls each; it plans nothing and is spared five resources",
  ],
  [/delete.*Heat/, "Heat waits for each server before its port and router go, and proves nothing"],
  [/create.*CLI/, "each command starts a Python process and logs in, one after another"],
  [/delete.*CLI/, "the same; what needs no wait is not waited for by either"],
];

export const limitOf = (what: string): string => LIMITS.find(([pattern]) => pattern.test(what))?.[1] ?? "";
