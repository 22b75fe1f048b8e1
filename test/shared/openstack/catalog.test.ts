import type { CloudSettings } from "../../../shared/openstack/clouds.ts";
import { connect } from "../../../shared/openstack/connect.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import { type Answer, CATALOG, endpointOf, failure, fakeCloud, json, offer, settings } from "./fake-cloud.ts";

// Goal: whatever way a cloud writes its catalog, each service is found at its versioned root, or the reason is said.
const entry = (id: string, href: string, status = "CURRENT") => ({ id, status, links: [{ rel: "self", href }] });
const versions = (...all: object[]): Answer => json({ versions: all });

test.each<[string, ServiceType, ReturnType<typeof offer>, readonly Answer[], string]>([
  ["versioned", "network", offer("network", "http://x/networking/v2.0/"), [], "http://x/networking/v2.0"],
  ["with a project", "compute", offer("compute", "http://x/compute/v2.1/p1"), [], "http://x/compute/v2.1/p1"],
  ["Manila by its old type", "shared-file-system", offer("sharev2", "http://x/v2/p1"), [], "http://x/v2/p1"],
  ["Octavia with a version", "load-balancer", offer("load-balancer", "http://x/lb/v2.0"), [], "http://x/lb/v2.0"],
  [
    "Neutron by document",
    "network",
    offer("network", "http://x:9696"),
    [versions(entry("v2.0", "http://inner/v2.0/"))],
    "http://x:9696/v2.0",
  ],
  [
    "Nova by document",
    "compute",
    offer("compute", "http://x/compute"),
    [versions(entry("v2.0", "http://i/v2/", "SUPPORTED"), entry("v2.1", "http://i/v2.1/"))],
    "http://x/compute/v2.1",
  ],
  [
    "Octavia by document",
    "load-balancer",
    offer("load-balancer", "http://x/lb"),
    [versions(entry("v2.0", "http://i/v2"), entry("v2.10", "http://i/v2"), entry("v2.9", "http://i/v2"))],
    "http://x/lb/v2",
  ],
  [
    "Barbican by document, 300",
    "key-manager",
    offer("key-manager", "http://x/km/"),
    [{ status: 300, body: JSON.stringify({ versions: { values: [entry("v1", "http://i/v1/", "stable")] } }) }],
    "http://x/km/v1",
  ],
  [
    "an experimental version",
    "dns",
    offer("dns", "http://x"),
    [versions(entry("v2", "http://x/v2"), entry("v2.5", "http://x/v2.5", "EXPERIMENTAL"))],
    "http://x/v2",
  ],
  ["a document that is none", "dns", offer("dns", "http://x/dns"), [{ status: 404, body: "no" }], "http://x/dns/v2"],
  [
    "another major version",
    "shared-file-system",
    offer("share", "http://x/v1/p1"),
    [versions(entry("v1.0", "http://x/v1/"), entry("v2.0", "http://x/v2/"))],
    "http://x/v2",
  ],
])("%s: %s", async (_what, service, offered, answers, root) => {
  const cloud = fakeCloud([...answers, json({})], { catalog: [offer("identity", "http://keystone.test/v3"), offered] });
  const endpoint = endpointOf(service, cloud);
  await endpoint.text({ method: "GET", path: "/things" });
  expect(cloud.lines.at(-1)).toBe(`GET ${root}/things`);
  expect(await endpoint.prefix()).toBe(new URL(root).pathname.replace(/\/$/, ""));
});

const regions = [
  {
    type: "network",
    endpoints: [
      ...offer("network", "http://one/v2.0", "One").endpoints,
      ...offer("network", "http://two/v2.0", "Two").endpoints,
      ...offer("network", "http://in/v2.0", "Two", "internal").endpoints,
    ],
  },
];

test.each<[string, Partial<CloudSettings>, string]>([
  ["the region", { region: "Two" }, "http://two/v2.0/things"],
  ["the interface", { region: "Two", interface: "internal" }, "http://in/v2.0/things"],
  ["an override", { region: "One", endpoints: { network: "http://mine/v2.0" } }, "http://mine/v2.0/things"],
])("%s of the settings chooses", async (_what, changed, url) => {
  const cloud = fakeCloud([json({})], { catalog: regions });
  await endpointOf("network", cloud, changed).text({ method: "GET", path: "/things" });
  expect(cloud.lines.at(-1)).toBe(`GET ${url}`);
});

test.each<[string, Partial<CloudSettings>, ServiceType, string, string]>([
  [
    "a service that is nowhere",
    { region: "One" },
    "dns",
    "missing",
    "the catalog has no dns service in region One (interface public)",
  ],
  [
    "a service that is not on this interface",
    { region: "One", interface: "internal" },
    "network",
    "missing",
    "the catalog has no network service in region One (interface internal)",
  ],
  [
    "an unknown region",
    { region: "Three" },
    "network",
    "invalid",
    "cloud lab has no region Three: set region_name to one of One, Two",
  ],
])("%s is an error that says so", async (_what, changed, service, trouble, fault) => {
  const asked = endpointOf(service, fakeCloud([], { catalog: regions }), changed).prefix();
  expect(await failure(asked)).toMatchObject({ trouble, detail: { fault } });
});

const places = (keystone: ReturnType<typeof offer>) => [keystone, offer("network", "http://x/v2.0", "One")];

test.each<[string, readonly ReturnType<typeof offer>[], string]>([
  ["Keystone without a region", places(offer("identity", "http://ks/v3", "")), "http://ks/v3"],
  ["Keystone for all regions", places(offer("identity", "http://ks/v3", "*")), "http://ks/v3"],
  ["Keystone in another region", places(offer("identity", "http://ks/v3", "Two")), "http://keystone.test/v3"],
  [
    "Keystone on another interface",
    places(offer("identity", "http://ks/v3", "One", "admin")),
    "http://keystone.test/v3",
  ],
])("%s is found from ours", async (_what, catalog, url) => {
  const cloud = fakeCloud([json({ things: [] })], { catalog });
  await endpointOf("identity", cloud, { region: "One" }).text({ method: "GET", path: "/things" });
  expect(cloud.lines.at(-1)).toBe(`GET ${url}/things`);
});

test("what is everywhere is no region to choose", async () => {
  for (const everywhere of ["", "*"]) {
    const catalog = places(offer("identity", "http://ks/v3", everywhere));
    expect((await connect(withoutRegion(), fakeCloud([], { catalog }).runtime).scope()).region).toBe("One");
  }
});

const withoutRegion = (): CloudSettings => {
  const { region: _region, ...rest } = settings;
  return rest;
};

test("the only region needs no name, and two do", async () => {
  expect((await connect(withoutRegion(), fakeCloud([]).runtime).scope()).region).toBe("RegionOne");
  const error = await failure(connect(withoutRegion(), fakeCloud([], { catalog: regions }).runtime).scope());
  expect(error).toMatchObject({
    detail: { fault: "cloud lab has the regions One, Two: set region_name to one of them" },
  });
});

test("a cloud lists the services of its catalog and the words that access rules use", async () => {
  const cloud = fakeCloud([]);
  const some = connect(settings, cloud.runtime);
  expect(await some.services()).toEqual([
    "identity",
    "compute",
    "image",
    "network",
    "load-balancer",
    "dns",
    "key-manager",
    "shared-file-system",
  ]);
  expect(await some.catalog()).toMatchObject({
    network: { type: "network", prefix: "/v2.0" },
    "shared-file-system": { type: "sharev2", prefix: "/v2" },
  });
  expect(cloud.lines).toHaveLength(1);
  const few = connect(settings, fakeCloud([], { catalog: CATALOG.slice(0, 2) }).runtime);
  expect(await few.services()).toEqual(["identity", "compute"]);
});

test.each([
  "",
  "no address",
  "file:///etc/passwd",
  "http://[::1",
  "//neutron.test/v2.0",
])("%j is no address of a service", async (url) => {
  const endpoints = [{ interface: "public", region_id: "RegionOne", url }];
  const cloud = fakeCloud([], { catalog: [{ type: "network", endpoints }] });
  expect(await failure(connect(settings, cloud.runtime).network.listNetworks())).toMatchObject({
    trouble: "invalid",
    detail: { fault: expect.stringContaining("where the network service is in a way that is no address") },
  });
  expect(cloud.lines).toHaveLength(1);
});
