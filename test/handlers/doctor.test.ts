import { doctorMessage } from "../../handlers/views/doctor.ts";
import { doctorJson, doctorText } from "../../handlers/views/doctor-text.ts";
import { messageBlocks } from "../../sandbox/slack/limits.ts";
import type { Examination, Line } from "../../shared/cluster/doctor/index.ts";
import { exampleConfig } from "../support/bot.ts";
import { town } from "../support/town.ts";
import { desk, wordsOf } from "./desk.ts";

// Goal: whoever types `/k8s doctor` reads first whether clusters can be made, then what to do, each in words beside its sign.
const AT = "Read live from the cloud <!date^1767225600^{date_short_pretty} at {time}|2026-01-01 00:00 UTC>";

async function told(options: Parameters<typeof town>[0]) {
  const here = await town(options);
  try {
    await here.type("doctor");
    await here.work(async () => here.slack.whispers.length > 0);
    const [message] = here.slack.whispers;
    return { here, message, lines: message === undefined ? [] : wordsOf(message).split("\n") };
  } finally {
    await here.close();
  }
}

test("it is answered at once, and asked of the cloud by a worker", async () => {
  const { type, queued } = desk();
  expect(await type("doctor")).toBe(":mag: Looking at the cloud of *team-a*…");
  expect(queued()).toEqual([{ is: "ask", what: "doctor", cluster: "team-a/", channel: "C0TEAMA", user: "U0DEV" }]);
});

test("a cloud that is ready, without a cluster in it: one line for each service", async () => {
  const { lines, here } = await told({});
  expect(lines).toEqual([
    ":white_check_mark: The cloud of *team-a* is ready for clusters: all green.",
    ":white_check_mark: *36 things green*",
    "• *Keystone* API 3.14 · Keystone's version, Login, Roles, Application credentials, Access rules",
    "• *Nova* API 2.100 · Nova's version, Availability zones, Flavors, Nova's quota",
    "• *Glance* API 2.17 · Images",
    "• *Neutron* API 2.0 · Extensions, External network, Address ranges, Trunk ports, Neutron's DNS integration, Neutron's quota",
    "• *Octavia* API 2.27 · Octavia's version, Load-balancer provider, Octavia's quota",
    "• *Designate* API 2.1 · DNS zone, Reverse DNS, Designate's quota",
    "• *Barbican* API 1 · Barbican's quota",
    "• *Manila* API 2.89 · Manila's version, Share type, Share protocol, Manila's quota",
    "• *Cinder* API 3.71",
    AT,
    "Refresh",
    "Post here for all",
  ]);
  expect(
    here.things().filter((one) => one.startsWith("application-credential") || one.startsWith("access-rule")),
  ).toEqual([]);
});

test("one that is not: what is wrong, what it is for and what to do come first", async () => {
  const config = exampleConfig();
  const team = config.tenants["team-a"];
  if (team !== undefined) team.dnsZone = "clusters.example.net.";
  const { lines } = await told({ config, cloud: { absent: ["block-storage"] } });
  expect(lines.slice(0, 4)).toEqual([
    ":x: The cloud of *team-a* is not ready for clusters: 1 red.",
    ":x: *DNS zone* (red): this project sees no zone clusters.example.net., only: k8s.example.org.",
    "api.CLUSTER.ZONE and *.apps.CLUSTER.ZONE are made in it, and ExternalDNS writes there.",
    ":point_right: Create it (openstack zone create --email you@example.org clusters.example.net.), have it shared with this project, or correct dnsZone.",
  ]);
  expect(lines.slice(-4)).toEqual([
    ":heavy_minus_sign: *Not used here* Designate's quota: counted in the zone, which is missing · Cinder: the catalog has no block-storage service in our region and interface: --rwo is refused",
    AT,
    "Refresh",
    "Post here for all",
  ]);
});

test("what could not be looked at is told once for each cause", async () => {
  const { lines } = await told({ cloud: { absent: ["load-balancer"] } });
  expect(lines).toContain(
    ":grey_question: *Unknown* Octavia's version, Load-balancer provider, Octavia's quota: not looked at, because of Octavia",
  );
});

const line = (over: Partial<Line>): Line =>
  ({
    id: "dns/zone",
    service: "dns",
    title: "DNS zone",
    why: "Names are made in it",
    level: "green",
    says: "well",
    ...over,
  }) as Line;
const NASTY = "<!channel> & `code` *bold* ```";

test.each<[string, readonly Line[]]>([
  ["nothing", []],
  [
    "words of others",
    ["red", "amber", "green", "unused", "unknown"].map((level) =>
      line({ level, says: NASTY, why: NASTY, remedy: NASTY } as never),
    ),
  ],
  [
    "everything red",
    Array.from({ length: 60 }, (_, at) =>
      line({ id: `x/${at}`, level: "red", says: "&".repeat(4000), remedy: "r".repeat(4000) } as never),
    ),
  ],
  ["everything green", Array.from({ length: 60 }, (_, at) => line({ id: `x/${at}`, title: "t".repeat(200) }))],
])("Slack takes it with %s", (_what, lines) => {
  const { blocks, text } = doctorMessage({ tenant: "team-a", lines });
  expect(messageBlocks(blocks)).toHaveLength(blocks.length);
  expect(blocks.length).toBeLessThanOrEqual(48);
  expect(`${text}${JSON.stringify(blocks)}`).not.toMatch(/<!channel>|`code`|```/);
});

const some: Examination = {
  tenant: "team-a",
  lines: [
    line({ title: "Nova", level: "green", says: "API 2.100" }),
    line({ level: "red", says: "there is none", remedy: "Create it." } as never),
    line({
      title: "Roles",
      level: "amber",
      says: "an administrator's login",
      remedy: "Give it a user of its own.",
    } as never),
    line({ title: "Cinder", level: "unused", says: "--rwo is refused" }),
  ],
};

test("in a terminal: the verdict, the worst first, and each line's state as a word", () => {
  expect(doctorText(some).split("\n")).toEqual([
    "The cloud of team-a is not ready for clusters: 1 red, 1 amber.",
    "  ✗ red      DNS zone  there is none",
    "                       why: Names are made in it.",
    "                       do: Create it.",
    "  ! amber    Roles     an administrator's login",
    "                       why: Names are made in it.",
    "                       do: Give it a user of its own.",
    "  - unused   Cinder    --rwo is refused",
    "  ✓ green    Nova      API 2.100",
    "  1 red, 1 amber, 1 unused, 1 green",
    "",
  ]);
});

test("something to know is no reason not to make clusters", () => {
  const lines = some.lines.filter(({ level }) => level !== "red");
  const { text } = doctorMessage({ ...some, lines });
  expect(text).toBe(":warning: The cloud of team-a is ready for clusters, with something to know: 1 amber.");
  expect(JSON.parse(doctorJson([{ ...some, lines }]))).toMatchObject({
    verdict: "amber",
    tenants: [{ tenant: "team-a", verdict: "amber", lines: [{ id: "dns/zone", level: "green" }, {}, {}] }],
  });
});
