import type { Config } from "../../shared/cluster/config.ts";
import type { Send } from "../../shared/openstack/send.ts";
import { exampleConfig } from "../support/bot.ts";
import { type Town, type TownOptions, town } from "../support/town.ts";
import { wordsOf } from "./desk.ts";

// Goal: what can't be made is said before anything is made: one sentence for each cause, and what to do about it.

let now: Town | undefined;
afterEach(() => now?.close());

/** The cloud's answers to what is asked there, changed. */
const answering =
  (path: RegExp, change: (body: string) => string) =>
  (send: Send): Send =>
  async (request) => {
    const answer = await send(request);
    return path.test(request.url.split("?")[0] ?? "") ? { ...answer, body: change(answer.body) } : answer;
  };

type TenantChange = Partial<Config["tenants"][string]>;

/** The example with one thing changed in team-a or in the template. */
function example(tenant: TenantChange, template: Partial<Config["templates"][string]> = {}): Config {
  const config = exampleConfig();
  const [a, small] = [config.tenants["team-a"], config.templates["small"]];
  if (a === undefined || small === undefined) throw new Error("the example has team-a and small");
  return {
    ...config,
    tenants: { ...config.tenants, "team-a": { ...a, ...tenant } },
    templates: { ...config.templates, small: { ...small, ...template } },
  };
}

/** What the request's message says once it has been planned, and that nothing was changed for it. */
async function planned(options: TownOptions, words = "create dev --rwx 100G", prepare?: (at: Town) => void) {
  const at = await town(options);
  now = at;
  prepare?.(at);
  const before = at.things();
  await at.type(words);
  await at.until(() => at.slack.said.length > 0);
  expect(at.writes).toEqual([]);
  expect(at.things()).toEqual(before);
  const said = at.slack.said.at(-1);
  return { at, said: said === undefined ? "" : wordsOf(said.message) };
}

test.each<[string, TownOptions, string]>([
  [
    "an image",
    { config: example({}, { image: "gentoo" }) },
    'There is no active image named "gentoo": upload it or correct the template.',
  ],
  [
    "a flavor",
    { config: example({}, { workers: { count: 2, flavor: "m9.huge" } }) },
    'There is no flavor "m9.huge" here. Choose one of: m1.large, m1.medium, m1.small, m1.tiny, m1.xlarge.',
  ],
  [
    "a flavor with a disk",
    {
      wire: answering(/\/flavors\/detail/, (text) => text.replaceAll('"disk":80', '"disk":0')),
    },
    'The flavor "m1.large" has no disk that nodes could boot from. Choose one of: ',
  ],
  [
    "a way to mount",
    { config: example({ shareProtocol: "CEPHFS" }) },
    "Nodes mount shares by NFS, and not by CEPHFS: correct shareProtocol and shareType.",
  ],
  [
    "a role for clusters' logins",
    {
      wire: answering(/\/auth\/tokens$/, (text) =>
        text.replace(/"roles":\[[^\]]*\]/, '"roles":[{"name":"compute_operator"}]'),
      ),
    },
    "kinvirt's user has no role on team-a that a cluster's logins may get (it has: compute_operator): have an administrator run openstack role add --user USER --project team-a member.",
  ],
  [
    "an external network",
    { config: example({ externalNetwork: "internet" }) },
    'There is no external network "internet". Choose one of: public.',
  ],
  [
    "a zone",
    { config: example({ dnsZone: "elsewhere.example.org." }) },
    "There is no DNS zone elsewhere.example.org. in this project: create it in Designate or correct dnsZone.",
  ],
  [
    "another project's zone",
    { config: example({ dnsZone: "k8s-b.example.org." }) },
    "There is no DNS zone k8s-b.example.org. in this project: create it in Designate or correct dnsZone.",
  ],
  [
    "a share type",
    { config: example({ shareType: "gold" }) },
    'There is no share type "gold". Choose one of: rwx, rwx-dhss.',
  ],
  ...(["load-balancer", "dns", "key-manager", "shared-file-system"] as const).map(
    (service): [string, TownOptions, string] => [
      `the ${service} service`,
      { cloud: { absent: [service] } },
      `The cloud's catalog has no ${service} service: ask its operator to add it.`,
    ],
  ),
  [
    "block storage",
    { cloud: { absent: ["block-storage"] }, config: example({}, { rwo: true }) },
    "The cloud's catalog has no block-storage service: leave --rwo out, or ask its operator to add it.",
  ],
])("%s that is not there", async (_what, options, sentence) => {
  const { at, said } = await planned(options);
  expect(said).toContain(sentence);
  expect(said).toContain("Nothing was changed.");
  // The name is free again for whoever types it right.
  expect(await at.record("team-a/dev")).toBeUndefined();
});

test("everything that is wrong is said together", async () => {
  const config = example({ externalNetwork: "internet", shareType: "gold" }, { image: "gentoo" });
  const { said } = await planned({ config });
  for (const part of ["internet", "gold", "gentoo"]) expect(said).toContain(part);
});

test("what does not fit in the quota is said in numbers", async () => {
  const { said } = await planned({}, "create dev --rwx 100G", ({ sandbox }) => {
    sandbox.quotas.set(sandbox.project("team-a").id, "compute", "cores", 4);
    sandbox.quotas.set(sandbox.project("team-a").id, "shared-file-system", "gigabytes", 50);
    sandbox.quotas.set(sandbox.project("team-a").id, "network", "floatingip", 1);
  });
  expect(said).toContain("It needs 6 more cores than the 4 left in team-a.");
  expect(said).toContain("It needs 44 GiB more share capacity than the 50 GiB left in team-a.");
  expect(said).toContain("It needs 1 more floating IP than the 1 left in team-a.");
});

test("more workers than a server group may have are refused with how to raise that", async () => {
  const { said } = await planned({}, "create dev --workers 5", ({ sandbox }) => {
    sandbox.quotas.set(sandbox.project("team-a").id, "compute", "server_group_members", 4);
  });
  expect(said).toContain(
    "Nova lets a server group have 4 members, and this one needs 5: ask for fewer machines, or have an administrator run openstack quota set PROJECT --server-group-members 5.",
  );
});

test("a quota that was used up between the approval and the start asks again instead of starting", async () => {
  const at = await town();
  now = at;
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  at.sandbox.quotas.set(at.sandbox.project("team-a").id, "compute", "instances", 2);
  await at.click("request:approve", at.button("request:approve"));
  await at.until(() => at.live().includes("It needs 1 more instance than the 2 left in team-a."));
  expect(at.writes).toEqual([]);
});

test("a price that moved makes the approval void, and the new plan asks again", async () => {
  const config = exampleConfig();
  const at = await town({ config });
  now = at;
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  const old = at.button("request:approve");
  const { prices } = config;
  if (prices === undefined) throw new Error("the example has prices");
  Object.assign(at.deps, { config: { ...config, prices: { ...prices, floatingIp: 1 } } });
  await at.click("request:approve", old);
  await at.until(() => at.button("request:approve") !== old);
  expect(at.live()).toContain("needs an approval");
  expect(at.writes).toEqual([]);
});

test("what others take of the quota in the meantime leaves an approval as it is, while there is enough", async () => {
  const at = await town();
  now = at;
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.cloudOf("team-a").network.createNetwork({ name: "theirs", description: "" });
  await at.click("request:approve", at.button("request:approve"));
  await at.until(() => at.live().includes("is ready after"));
});

test("wrong credentials: what to check, and not the password", async () => {
  const { said } = await planned({
    login: (settings) =>
      settings.auth.method === "password"
        ? { ...settings, auth: { ...settings.auth, password: "letmein-please" } }
        : settings,
  });
  expect(said).toContain("Check this team's login in clouds.yaml and its roles.");
  expect(said).not.toContain("letmein-please");
  expect(said).toContain("Nothing was changed.");
});

test("a cloud that does not answer is waited for, and the plan comes when it is back", async () => {
  const at = await town();
  now = at;
  const back = at.sandbox.faults.down("network");
  await at.type("create dev --rwx 100G");
  await at.until(() => at.live().includes("has to wait"));
  expect(at.live()).toContain("network service");
  back();
  await at.until(() => at.live().includes("needs an approval"));
});
