import { connect } from "../../../shared/openstack/connect.ts";
import { type Answer, fakeCloud, json, settings } from "./fake-cloud.ts";

// Goal: Nova is asked in its own words, all pages of what has no links to them, and its numbers are counted as it counts them.
const VERSIONS = json({ version: { id: "v2.1", status: "CURRENT", version: "2.96", links: [] } });

function over(...answers: Answer[]) {
  const left = [...answers];
  const next = (request: { readonly url: string }) =>
    /nova\.test\/v2\.1\/?$/.test(request.url) ? VERSIONS : (left.shift() ?? new Error("one answer too few"));
  const fake = fakeCloud(Array.from({ length: 12 }, () => next));
  const lines = () => fake.lines.filter((line) => /nova\.test\/v2\.1\/./.test(line));
  return { api: connect(settings, fake.runtime).compute, fake, lines };
}

const groups = (from: number, count: number) =>
  json({
    server_groups: Array.from({ length: count }, (_, at) => ({
      ...{ id: `g${from + at}`, name: "same", policy: "anti-affinity", project_id: "p1", members: [] },
    })),
  });
const offsets = (lines: readonly string[]) => lines.map((line) => new URL(line.slice(4)).searchParams.get("offset"));

test("server groups come in pages that say nothing of the next one", async () => {
  const { api, lines } = over(groups(0, 100), groups(100, 130), groups(230, 3));
  expect(await api.listServerGroups()).toHaveLength(233);
  expect(offsets(lines())).toEqual(["0", "100", "230"]);
});

test("a page that is full may be the last, and one that moved under us shows nothing twice", async () => {
  const { api, lines } = over(groups(0, 100), groups(95, 100), groups(0, 0));
  const found = await api.listServerGroups();
  expect(found).toHaveLength(195);
  expect(offsets(lines())).toEqual(["0", "100", "200"]);
});

test("what is reserved is used, and a group's members are each group's own", async () => {
  const count = (limit: number) => ({ limit, in_use: 3, reserved: 2 });
  const quota_set = {
    ...{ instances: count(10), cores: count(20), ram: count(-1) },
    ...{ server_groups: count(5), server_group_members: count(7) },
  };
  const { api } = over(json({ quota_set }));
  expect(await api.quota("p1")).toEqual([
    { service: "compute", resource: "instances", limit: 10, used: 5 },
    { service: "compute", resource: "cores", limit: 20, used: 5 },
    { service: "compute", resource: "ram", limit: -1, used: 5 },
    { service: "compute", resource: "server_groups", limit: 5, used: 5 },
    { service: "compute", resource: "server_group_members", limit: 7, used: 5, each: true },
  ]);
});

test("a zone that is down is none", async () => {
  const zone = (zoneName: string, available: boolean) => ({ zoneName, zoneState: { available } });
  const { api } = over(json({ availabilityZoneInfo: [zone("az1", true), zone("az2", false)] }));
  expect(await api.listAvailabilityZones()).toEqual(["az1"]);
});

test.each<[string, Answer, string | undefined]>([
  ["says something", json({ output: "login:" }), "login:"],
  ["says nothing", json({ output: null }), ""],
  ["has gone", { status: 404 }, undefined],
])("the console of a server that %s", async (_what, answer, said) => {
  const { api, fake } = over(answer);
  expect(await api.getConsoleLog("s1", 12)).toBe(said);
  expect(fake.requests.at(-1)?.body).toBe('{"os-getConsoleOutput":{"length":12}}');
});

test("a server is asked for in its group, with tags, and deleted although it has gone", async () => {
  const { api, fake, lines } = over(json({ server: { id: "s1" } }, 202), { status: 404 });
  const asked = { name: "a", flavorRef: "f", imageRef: "i", networks: [], metadata: {}, tags: ["t"] };
  expect(await api.createServer({ ...asked, config_drive: true, user_data: "" }, "g1")).toEqual({ id: "s1" });
  const sent = fake.requests.at(-1);
  expect(JSON.parse(sent?.body ?? "")).toMatchObject({
    server: { tags: ["t"] },
    "os:scheduler_hints": { group: "g1" },
  });
  expect(sent?.headers).toMatchObject({
    "openstack-api-version": "compute 2.52",
    "x-openstack-nova-api-version": "2.52",
  });
  await api.deleteServer("s1");
  expect(lines().at(-1)).toBe("DELETE http://nova.test/v2.1/servers/s1");
});
