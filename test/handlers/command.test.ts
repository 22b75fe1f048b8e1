import { parseWords } from "../../handlers/command.ts";
import { commands } from "../../handlers/commands/index.ts";
import { exampleConfig } from "../support/bot.ts";
import { desk } from "./desk.ts";
import { record, request, spec } from "./given.ts";

// Goal: whatever a person types after `/k8s`, it is done as meant, or answered with what to type; nothing is half done.
const NAME =
  "can't be a cluster's name: write lower-case letters, digits and single dashes, at most 30, beginning with a letter.";
const HELP = (name: string) => `type \`/k8s help ${name}\` to see what there is.`;

test.each([
  // Commands.
  ["statsu dev", "There is no command `statsu`; did you mean `status`? Type `/k8s help` to see what there is."],
  ["Create dev", "There is no command `Create`; did you mean `create`? Type `/k8s help` to see what there is."],
  ["frobnicate", "There is no command `frobnicate`: type `/k8s help` to see what there is."],
  ["help frobnicate", "There is no command `frobnicate`: type `/k8s help` to see what there is."],
  ["constructor", "There is no command `constructor`: type `/k8s help` to see what there is."],
  ["<!subteam^S1|@ops>", "There is no command `@ops`: type `/k8s help` to see what there is."],
  ["&lt;!channel&gt; x", "There is no command `&lt;!channel&gt;`: type `/k8s help` to see what there is."],
  ["--workers 3", "That is not a command: type `/k8s help` to see what there is."],
  // Names.
  ["create", "`/k8s create` needs a NAME. Type `/k8s create dev --rwx 100G`."],
  ["create Dev", `\`Dev\` ${NAME}`],
  ["create 1dev", `\`1dev\` ${NAME}`],
  ["create dev_1", `\`dev_1\` ${NAME}`],
  ["create dev-", `\`dev-\` ${NAME}`],
  ["create de--v", `\`de--v\` ${NAME}`],
  ["create dev.example.org", `\`dev.example.org\` ${NAME}`],
  ["create &lt;http://dev.org&gt;", `\`&lt;http://dev.org&gt;\` ${NAME}`],
  ["create <http://dev.org|dev.org>", `\`dev.org\` ${NAME}`],
  ["create <@U123|bob>", `\`@bob\` ${NAME}`],
  ["create <#C123|ops>", `\`#ops\` ${NAME}`],
  ["create dév", `\`dév\` ${NAME}`],
  ["create ｄｅｖ", `\`ｄｅｖ\` ${NAME}`],
  ["create 🚀", `\`🚀\` ${NAME}`],
  [`create ${"a".repeat(31)}`, `\`${"a".repeat(31)}\` ${NAME}`],
  [`create ${"a".repeat(5000)}`, `\`${"a".repeat(59)}…\` ${NAME}`],
  ["create `dev`", `\`'dev'\` ${NAME}`],
  ['create ""', `Nothing ${NAME}`],
  ["create dev too", "`/k8s create` takes fewer words than that. Type `/k8s create dev --rwx 100G`."],
  // Sizes.
  ["create dev --rwx", "`--rwx` needs a value after it: write 100G, 100Gi or 1Ti."],
  ["create dev --rwx=", "`--rwx` needs a value after it: write 100G, 100Gi or 1Ti."],
  ["create dev --rwx --workers 2", "`--rwx` needs a value after it: write 100G, 100Gi or 1Ti."],
  ...["0", "0G", "-1", "-1G", "1e9", "1e9G", "100X", "100", "100g", "1,5Ti", "∞", "NaN", "0x10G", "9999999999999G"].map(
    (size) => [`create dev --rwx ${size}`, `\`${size}\` is not a size: write 100G, 100Gi or 1Ti.`],
  ),
  ["create dev --rwx 1G --rwx 2G", "`--rwx` is given twice: leave one out."],
  [
    "create dev --rwx 3Ti",
    "3 TiB of shared storage is more than the 2 TiB that team-a may have: type a smaller `--rwx`.",
  ],
  // Numbers.
  ...["-1", "1.5", "1e9", "two", "101", "٣"].map((count) => [
    `create dev --workers ${count}`,
    `\`${count}\` is not a number of servers: write a whole number from 0 to 100.`,
  ]),
  ["create dev --workers", "`--workers` needs a value after it: write a whole number from 0 to 100."],
  ["create dev --workers 11", "team-a may have 10 workers in a cluster, not 11: type `--workers 10` or fewer."],
  ...["0", "2", "4", "9"].map((count) => [
    `create dev --control-plane ${count}`,
    `\`${count}\` can't keep a majority: write 1, 3, 5 or 7.`,
  ]),
  ...["0", "25", "1.5", "many"].map((hours) => [
    `kubeconfig dev --hours ${hours}`,
    `\`${hours}\` is not how long a certificate may be good: write 1 to 24 hours as a number.`,
  ]),
  // Times.
  ...["7", "7 d", "0d", "-1d", "1y", "99999w"].map((time) => [
    `create dev --ttl "${time}"`,
    `\`${time}\` is not a time of at most ten years: write 12h, 7d or 1d12h.`,
  ]),
  ["create dev --ttl 31d", "A cluster of team-a may live 30d, not 31d: type a shorter `--ttl`."],
  // Other values.
  ["create dev --version 1.28", "`1.28` is not a version of Kubernetes that kinvirt sets up: write 1.35 or 1.36."],
  ["create dev --cni flannel", "`flannel` is not a network plugin that kinvirt knows: write calico, cilium or kuryr."],
  ["create dev --template huge", "There is no template `huge`: write `small` or `ha`."],
  ["create dev --template __proto__", "There is no template `__proto__`: write `small` or `ha`."],
  // Flags.
  [
    "create dev --wrokers 3",
    "`/k8s create` has no `--wrokers`; did you mean `--workers`? Type `/k8s help create` to see what there is.",
  ],
  ["create dev --gpu", `\`/k8s create\` has no \`--gpu\`: ${HELP("create")}`],
  [
    "create dev -rwx 100G",
    "`/k8s create` has no `-rwx`; did you mean `--rwx`? Type `/k8s help create` to see what there is.",
  ],
  ["status dev --all", `\`/k8s status\` has no \`--all\`: ${HELP("status")}`],
  [
    "delete dev --keepdata",
    "`/k8s delete` has no `--keepdata`; did you mean `--keep-data`? Type `/k8s help delete` to see what there is.",
  ],
  // Quotes.
  ['create "dev', 'The quote " is opened and never closed: close it, or leave it out.'],
  ["create “dev", "The quote “ is opened and never closed: close it, or leave it out."],
  ['create "dev test"', `\`dev test\` ${NAME}`],
  // Requests.
  ["approve", "`/k8s approve` needs a REQUEST. Type `/k8s approve k3m9qz`."],
  ["approve K3M9QZ", "`K3M9QZ` is not a request: write the six letters and digits at the foot of its message."],
  ["approve k3m9", "`k3m9` is not a request: write the six letters and digits at the foot of its message."],
  ["deny k3m9qz", "`/k8s deny` needs a REASON. Type `/k8s deny k3m9qz too many servers for a test`."],
])("/k8s %s", async (typed, answer) => {
  const { type, names, queued } = desk();
  expect(await type(typed)).toBe(`:no_entry: ${answer}`);
  expect(await names()).toEqual([]);
  expect(queued()).toEqual([]);
});

test("several things beyond a limit are said together", async () => {
  const { type } = desk();
  expect(await type("create dev --workers 50 --rwx 9Ti --ttl 1w5d --ttl 90d")).toContain("`--ttl` is given twice");
  const answer = await type("create dev --workers 50 --rwx 9Ti --ttl 90d");
  expect(answer).toMatch(
    /^:no_entry: 3 things to change:\n• team-a may have 10 workers.*\n• 9 TiB of.*\n• A cluster of team-a may live 30d/,
  );
});

test.each([
  ["smart quotes and an em dash", "create “dev” —rwx ‘100G’", { rwxGib: 94 }],
  ["an en dash and a minus sign", "create dev –workers 3 −control-plane 3", {}],
  ["an equals sign", "create dev --workers=3", { workers: { count: 3, flavor: "m1.large" } }],
  ["flags before the name", "create --workers 3 dev", { workers: { count: 3, flavor: "m1.large" } }],
  [
    "spaces of every kind, and invisible letters",
    " create\u00a0\u200bdev\t --workers  0 ",
    { workers: { count: 0, flavor: "m1.large" } },
  ],
  ["a v before the version", "create dev --version v1.35", { version: "1.35" }],
  [
    "a template and what is typed over it",
    "create dev --template ha --workers 1",
    { template: "ha", workers: { count: 1, flavor: "m1.large" } },
  ],
  ["a time to live", "create dev --ttl 1d12h", { ttlSeconds: 129_600 }],
  ["no time to live, where the configuration has a longest", "create dev", { ttlSeconds: 2_592_000 }],
  [
    "the largest that is allowed",
    "create dev --rwx 2Ti --workers 10 --ttl 30d",
    { rwxGib: 2048, ttlSeconds: 2_592_000 },
  ],
  ["a fraction, rounded up", "create dev --rwx 1.5G", { rwxGib: 2 }],
  ["volumes for one node at a time", "create dev --rwo", { rwo: true }],
  ["the longest name", `create ${"a".repeat(30)}`, { name: "a".repeat(30) }],
])("understood: %s", async (_what, typed, over) => {
  const { type, request, queued } = desk();
  expect(await type(typed)).toMatch(/^:mag: Planning to create \*a?/);
  const asked = await request("kkkkk0");
  expect(asked?.spec).toMatchObject(over);
  expect(queued()).toEqual([{ is: "plan", request: "kkkkk0", tenant: "team-a" }]);
});

test("a size is shown as the clouds count it, beside what was typed", async () => {
  expect(await desk().type("create dev --rwx 100G")).toContain(
    "Shared storage: 94 GiB (100G), rounded up to whole GiB",
  );
});

test("the words of a deny are one sentence, whatever is in them", async () => {
  const { type, ask, request: asked } = desk();
  await ask(request());
  await type("deny k3m9qz use --workers 2, don't  ask <@U1|bob> &amp; “me”", "U0APPROVER");
  expect(await asked()).toMatchObject({
    state: "denied",
    decisions: [{ verdict: "deny", user: "U0APPROVER", reason: "use --workers 2, don't ask @bob & me" }],
  });
});

test.each(["", "help", "  help  ", "--help"])("help by %j names every command", async (typed) => {
  const answer = await desk().type(typed, "U0DEV", "C0STRANGER");
  expect(answer).toMatch(/^\*kinvirt\* gives teams Kubernetes clusters on OpenStack\. Type:/);
  for (const name of ["create", "list", "status", "lb", "dns", "delete", "approve", "deny", "cancel", "retry"])
    expect(answer).toContain(`\`/k8s ${name}`);
});

test.each(["help create", "create --help", "create dev --help"])("%s tells all about one command", async (typed) => {
  const answer = await desk().type(typed);
  expect(answer).toMatch(/^\*\/k8s create\*: Ask for a cluster/);
  for (const flag of [
    "--rwx SIZE",
    "--workers N",
    "--control-plane N",
    "--template TEMPLATE",
    "--version VERSION",
    "--ttl TIME",
    "--dry-run",
  ])
    expect(answer).toContain(`\`${flag}\` `);
});

test("what every help gives as an example can be typed as it stands", () => {
  for (const one of commands)
    expect(parseWords(commands, one.example.split(" "))).toMatchObject({ command: { name: one.name } });
});

const sameName = record({ spec: spec({ name: "dev" }) });
test.each([
  ["ready", "is ready"],
  ["creating", "is being created"],
  ["deleting", "is being deleted"],
  ["blocked", "needs a person"],
  ["requested", "is being planned or waits for an approval"],
] as const)("a name is taken while its cluster %s", async (phase, state) => {
  const { type, hold, queued } = desk();
  await hold({ ...sameName, status: { ...sameName.status, phase } });
  const look = "Choose another name, or type `/k8s status dev` to see it.";
  const answer = `:no_entry: The name \`dev\` is taken: <@U0DEV> asked for it, and it ${state}. ${look}`;
  expect(await type("create dev", "U0OTHER")).toBe(answer);
  expect(await type("create dev --dry-run", "U0OTHER")).toBe(answer);
  expect(queued()).toEqual([]);
});

test("another tenant's cluster of the same name takes no name", async () => {
  const { type, hold, names } = desk();
  await hold(record({ tenant: "team-b" }));
  await type("create dev");
  expect(await names()).toEqual(["team-a/dev", "team-b/dev"]);
});

test("as many clusters as the tenant may have are the last", async () => {
  const { type, hold, names } = desk();
  await hold(...Array.from({ length: 20 }, (_, at) => record({ spec: spec({ name: `c${at}` }) })));
  expect(await type("create dev")).toBe(
    ":no_entry: team-a has 20 of 20 clusters: delete one with `/k8s delete NAME` first.",
  );
  expect(await names()).toHaveLength(20);
});

test("a dry run takes no name and is planned all the same", async () => {
  const { type, names, queued, request } = desk();
  expect(await type("create dev --dry-run")).toMatch(/^:mag: Working out what it takes to create \*dev\*/);
  expect(await names()).toEqual([]);
  expect(await request("kkkkk0")).toMatchObject({ dryRun: true, state: "planning" });
  expect(queued()).toEqual([{ is: "plan", request: "kkkkk0", tenant: "team-a" }]);
});

test("a tenant without a share type has no shared storage, and says who can change that", async () => {
  const config = exampleConfig();
  for (const tenant of Object.values(config.tenants)) delete tenant.shareType;
  const { type } = desk({ config });
  expect(await type("create dev --rwx 10Gi", "U0DEV", "C0TEAMB")).toBe(
    ":no_entry: team-b has no shared storage: leave `--rwx` out, or ask whoever runs kinvirt to set its shareType.",
  );
});

test.each([
  "create dev",
  "list",
  "status dev",
  "approve k3m9qz",
  "frobnicate",
])("a channel that speaks for no tenant: %s", async (typed) => {
  const { type, names } = desk();
  const add = "have whoever runs kinvirt add `C0STRANGER` to its configuration";
  expect(await type(typed, "U0DEV", "C0STRANGER")).toBe(
    `:no_entry: This channel is not connected to an OpenStack project: use your team's channel, or ${add}.`,
  );
  expect(await names()).toEqual([]);
});
