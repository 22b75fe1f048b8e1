import { dispatch } from "../../handlers/work/dispatch.ts";
import { OpenStackError, type Trouble } from "../../shared/openstack/errors.ts";
import { desk, wordsOf } from "./desk.ts";
import { call, NOW_MS, record, request, spec, step } from "./given.ts";

// Goal: a question is answered about this team's clusters and no other's, verdict first, with what to do next; what needs
// the cloud is read by a worker, and a cloud that fails is an answer too.
test("list: nobody has a cluster", async () => {
  const { type, hold } = desk();
  await hold(record({ tenant: "team-b" }));
  expect(await type("list")).toBe(
    "*team-a* has no clusters. For one, type `/k8s create dev`, or press the button.\nCreate a cluster",
  );
});

test("list: those that need a person come first, and another tenant's are not there", async () => {
  const { type, hold, clock } = desk();
  await hold(
    record({ spec: spec({ name: "alpha" }) }),
    record({ spec: spec({ name: "beta" }) }, { phase: "creating" }),
    record({ spec: spec({ name: "zeta" }) }, { phase: "blocked", blocked: call() }),
    record({ tenant: "team-b", spec: spec({ name: "secret" }) }),
  );
  clock.pass(90_000);
  const size = "3 servers, Kubernetes 1.36 · <@U0DEV>";
  expect(await type("list")).toBe(
    [
      "*team-a* has 3 clusters, 1 of them needs a person.",
      `*zeta* :warning: needs a person since 1m 30s · ${size}`,
      `*alpha* :white_check_mark: ready · ${size}`,
      `*beta* :construction: being created since 1m 30s · ${size}`,
      "`/k8s status NAME` tells more about one",
    ].join("\n"),
  );
});

test("status of a ready cluster: where it answers, and what it is made of", async () => {
  const { type, hold } = desk();
  await hold(record({ expiresMs: NOW_MS + 86_400_000 }));
  const said = await type("status dev");
  expect(said.split("\n").slice(0, 8)).toEqual([
    "*dev*: :white_check_mark: ready.",
    "*Log in* with `/k8s kubeconfig dev`: a link to a kubeconfig of your own",
    "*API* `api.dev.k8s.example.org:6443` (203.0.113.68)",
    "*Applications* `*.apps.dev.k8s.example.org`",
    "*Shared storage* 94 GiB, ready to mount: claim `kinvirt-shared` in namespace `default`",
    "*Exported as* (NFS)",
    "`10.254.0.5:/shares/share-1`",
    "*Lives until* <!date^1767355200^{date_short_pretty} at {time}|2026-01-02 12:00 UTC>",
  ]);
  expect(said).toContain("• DNS name api: ACTIVE `5f0c`");
});

test("status: what is in the cluster by its state, what is in the cloud by its id, and nothing ready looks broken", async () => {
  const { type, hold } = desk();
  const steps = {
    "port/worker-1": step({ word: "DOWN" }),
    "kubernetes-node/worker-1": step({ word: "Ready" }),
    "kubernetes-node/control-plane-1": step({ word: "Ready" }),
    "kubernetes-api": step({ word: "ready" }),
    "kubernetes-addon/calico": step({ state: "pending", word: "waiting for calico-node 2/3" }),
    "kubernetes-addon/base": step({ word: "available" }),
  };
  await hold(record({}, { phase: "blocked", blocked: call(), steps }));
  const lines = (await type("status dev")).split("\n");
  expect(lines).toContain("• port worker-1: ready `5f0c`");
  expect(lines).toContain("*Waiting for* add-on calico is waiting for calico-node 2/3");
  expect(lines.filter((line) => /^(•.*kubernetes|\*Kubernetes|\*Add-ons)/.test(line))).toEqual([]);
  await hold(
    record(
      { spec: spec({ name: "up" }) },
      { steps: { ...steps, "kubernetes-addon/calico": step({ word: "available" }) } },
    ),
  );
  const up = (await type("status up")).split("\n");
  expect(up).toContain("*Kubernetes* API server: ready; control-plane-1, worker-1: Ready");
  expect(up).toContain("*Add-ons* base, calico: available");
});

test("status of a blocked cluster: the fault, its request id, and what to do", async () => {
  const { type, hold, clock } = desk();
  await hold(record({}, { phase: "blocked", blocked: call({ text: "Quota <exceeded> for `cores`" }) }));
  clock.pass(120_000);
  expect((await type("status dev")).split("\n").slice(0, 4)).toEqual([
    "*dev*: :warning: needs a person since 2m.",
    "server worker-1: Quota &lt;exceeded&gt; for 'cores'",
    "OpenStack request `req-5d1f`",
    "The service gave up on this twice: ask its operator for the reason, then type `/k8s retry dev`.",
  ]);
});

test("status of a cluster that waits for an approval: who can go on, and how", async () => {
  const { type, hold, ask } = desk();
  await hold(record({}, { phase: "requested", steps: {} }));
  await ask(request());
  expect((await type("status dev")).split("\n").slice(0, 2)).toEqual([
    "*dev*: :raised_hand: waits for an approval.",
    "An approver types `/k8s approve k3m9qz` or presses the button; `/k8s cancel k3m9qz` takes it back.",
  ]);
});

test("status while it is created: what it waits for, longest first", async () => {
  const { type, hold } = desk();
  const steps = {
    "server/worker-1": step({ state: "pending", word: "BUILD", intendedMs: 2 }),
    "load-balancer/api": step({ state: "pending", word: "PENDING_CREATE", intendedMs: 1 }),
  };
  await hold(record({}, { phase: "creating", steps }));
  expect(await type("status dev")).toContain(
    "*Waiting for* load balancer api is PENDING_CREATE\nserver worker-1 is BUILD",
  );
});

test.each([
  "status",
  "lb",
  "dns",
  "nodes",
  "storage",
  "kms",
  "events",
  "delete",
  "retry",
])("%s of another tenant's cluster: there is none", async (word) => {
  const { type, hold, queued } = desk();
  await hold(record({ tenant: "team-b", spec: spec({ name: "secret" }) }));
  expect(await type(`${word} secret`)).toBe(
    ":no_entry: team-a has no cluster `secret`; there is none yet: type `/k8s create secret`.",
  );
  expect(queued()).toEqual([]);
});

const whispered = { channel: "C0TEAMA", user: "U0DEV" };
const dev = { cluster: "team-a/dev", id: "k7f3m2q9x1" };
test.each([
  ["lb dev", { what: "lb", ...dev }, "Looking at the load balancers of *dev*…"],
  ["lb dev default/shop", { what: "lb", ...dev, only: "default/shop" }, "Looking at the default/shop of *dev*…"],
  ["lb", { what: "lb", cluster: "team-a/" }, "Looking at the load balancers of *team-a*…"],
  ["dns dev", { what: "dns", ...dev }, "Looking at the DNS names of *dev*…"],
  ["dns", { what: "dns", cluster: "team-a/" }, "Looking at the DNS names of *team-a*…"],
  [
    "dns Shop.apps.dev.k8s.example.org",
    { what: "dns", cluster: "team-a/", only: "shop.apps.dev.k8s.example.org" },
    "Looking at the shop.apps.dev.k8s.example.org of *team-a*…",
  ],
  ["nodes dev", { what: "nodes", ...dev }, "Looking at the nodes of *dev*…"],
  ["storage dev", { what: "storage", ...dev }, "Looking at the storage of *dev*…"],
  ["kms dev", { what: "kms", ...dev }, "Looking at the keys and logins of *dev*…"],
  ["events dev", { what: "events", ...dev }, "Looking at the record of *dev*…"],
])("%s is answered at once and asked of the cloud by a worker", async (typed, question, said) => {
  const { type, hold, queued } = desk();
  await hold(record());
  expect(await type(typed)).toBe(`:mag: ${said}`);
  expect(queued()).toEqual([{ is: "ask", ...whispered, ...question }]);
});

test.each([
  ["dns A_B", "`A_B` can't be a cluster's name"],
  ["dns dev..example.org", "Or write a name in full: `/k8s dns shop.apps.dev.k8s.example.org`."],
  ["nodes", "`/k8s nodes` needs a NAME. Type `/k8s nodes dev`."],
  ["storage dev more", "`/k8s storage` takes fewer words than that."],
])("%s: what to type instead", async (typed, said) => {
  const { type, hold, queued } = desk();
  await hold(record());
  expect(await type(typed)).toContain(said);
  expect(queued()).toEqual([]);
});

test("status answers from the record at once, and has the cloud looked at where there is anything in it", async () => {
  const { type, hold, queued } = desk();
  await hold(record(), record({ spec: spec({ name: "new" }), id: "n1" }, { phase: "requested", steps: {} }));
  const said = await type("status dev");
  expect(said).toContain("*dev*: :white_check_mark: ready.");
  expect(said.split("\n").at(-1)).toBe("What the cloud says of it now follows in some seconds");
  expect(await type("status new")).toContain("*new*: :mag: asked for.");
  expect(queued()).toEqual([{ is: "ask", what: "status", ...dev, ...whispered }]);
});

test("a queue that is silent: the record's answer stays, and says so", async () => {
  const queue = { enqueue: () => Promise.reject(new Error("away")), close: async () => undefined };
  const { type, hold } = desk({ queue });
  await hold(record());
  const silent = ":no_entry: The queue does not answer, so nobody looks at this now: ask again in a minute.";
  expect(await type("status dev")).toContain(`cluster \`k7f3m2q9x1\`\n${silent}`);
  expect(await type("nodes dev")).toBe(silent);
});

const question = (what: "lb" | "dns", cluster: string) =>
  ({ is: "ask", what, cluster, channel: "C0TEAMA", user: "U0DEV" }) as const;

test.each([
  ["team-a/dev", {}, ":no_entry: team-a has no cluster `dev` any more."],
  ["team-a/", {}, ":no_entry: team-a has no clusters."],
  ["team-b/dev", { id: "another" }, ":no_entry: team-b has no cluster `dev` any more."],
])("a question about %s when nothing is left of what was meant", async (cluster, over, said) => {
  const { deps, slack, hold } = desk();
  await hold(record({ tenant: "team-b" }));
  await dispatch({ ...question("lb", cluster), ...over }, deps);
  expect(slack.whispers.map(wordsOf)).toEqual([said]);
});

test.each<[Trouble, string, string]>([
  ["retry", "gave no answer", "Ask again in a minute."],
  ["denied", "refused", "Check this team's login in clouds.yaml and its roles."],
  ["missing", "refused", "Ask its operator to look."],
])("a cloud whose trouble is %s is told with its request id and what to do", async (trouble, did, next) => {
  const where = { service: "load-balancer", method: "GET", path: "/v2/lbaas" } as const;
  const error = new OpenStackError({ ...where, fault: "a <b>bad</b> day.", trouble, requestId: "req-77" });
  const nothing = { dns: {}, loadBalancer: {}, network: {}, keyManager: {}, sharedFileSystem: {}, identity: {} };
  const cloud = { ...nothing, scope: () => Promise.reject(error) };
  const { deps, slack, hold } = desk({ cloudOf: () => cloud as never });
  await hold(record());
  await dispatch(question("lb", "team-a/dev"), deps);
  const fault = "a &lt;b&gt;bad&lt;/b&gt; day (OpenStack request req-77)";
  const [first, , ...buttons] = slack.whispers.map(wordsOf).join("\n").split("\n");
  expect(first).toBe(`:no_entry: The cloud's load-balancer service ${did}: ${fault}. ${next}`);
  expect(buttons).toEqual(["Refresh", "Post here for all"]);
});
