import * as z from "zod";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import { type Answer, endpointOf, failure, fakeCloud, json } from "./fake-cloud.ts";

// Goal: a listing is all of its pages, wherever the service puts the link, and the token never follows a link elsewhere.
const item = z.object({ id: z.number() });
const ids = (...all: number[]) => all.map((id) => ({ id }));
const inner = "http://10.0.0.1:1234/inner";

const linked = (key: string, next?: string) => ({
  [`${key}_links`]: next === undefined ? [] : [{ rel: "next", href: next }],
});

test.each<[ServiceType, string, string, readonly Answer[], readonly string[]]>([
  [
    "network",
    "/networks",
    "networks",
    [
      json({
        networks: ids(1),
        networks_links: [
          { rel: "previous", href: "x?y" },
          { rel: "next", href: `${inner}/v2.0/networks?limit=1&marker=1` },
        ],
      }),
      json({ networks: ids(2) }),
    ],
    ["http://neutron.test/v2.0/networks", "http://neutron.test/v2.0/networks?limit=1&marker=1"],
  ],
  [
    "compute",
    "/servers/detail",
    "servers",
    [
      json({ servers: ids(1), ...linked("servers", `${inner}/v2.1/servers/detail?marker=1`) }),
      json({ servers: ids(2) }),
    ],
    ["http://nova.test/v2.1/servers/detail", "http://nova.test/v2.1/servers/detail?marker=1"],
  ],
  [
    "load-balancer",
    "/lbaas/loadbalancers",
    "loadbalancers",
    [
      json({ loadbalancers: ids(1), ...linked("loadbalancers", `${inner}/v2.0/lbaas/loadbalancers?marker=1`) }),
      json({ loadbalancers: ids(2), ...linked("loadbalancers") }),
    ],
    ["http://octavia.test/v2/lbaas/loadbalancers", "http://octavia.test/v2/lbaas/loadbalancers?marker=1"],
  ],
  [
    "dns",
    "/zones",
    "zones",
    [
      json({ zones: ids(1), links: { self: "a?b", next: `${inner}/v2/zones?marker=1` } }),
      json({ zones: ids(2), links: { self: "a?b" } }),
    ],
    ["http://designate.test/v2/zones", "http://designate.test/v2/zones?marker=1"],
  ],
  [
    "key-manager",
    "/secrets",
    "secrets",
    [
      json({ secrets: ids(1), total: 2, next: `${inner}/v1/secrets?limit=1&offset=1` }),
      json({ secrets: ids(2), total: 2, previous: "p?q" }),
    ],
    ["http://barbican.test/v1/secrets", "http://barbican.test/v1/secrets?limit=1&offset=1"],
  ],
  [
    "image",
    "/images",
    "images",
    [json({ images: ids(1), next: "/v2/images?marker=1", first: "/v2/images" }), json({ images: ids(2) })],
    ["http://glance.test/v2/images", "http://glance.test/v2/images?marker=1"],
  ],
])("%s: every page of %s", async (service, path, key, answers, urls) => {
  const cloud = fakeCloud(answers);
  expect(await endpointOf(service, cloud).all({ path, key, item })).toEqual(ids(1, 2));
  expect(cloud.requests.slice(1).map((request) => request.url)).toEqual(urls);
});

const manila = "http://manila.test/v2/shares/detail";
const full = Array.from({ length: 100 }, (_, id) => ({ id }));

test.each<[string, readonly Answer[], number, readonly string[]]>([
  // Manila's link carries a marker that it then ignores.
  [
    "goes on by offset after a full page",
    [json({ shares: full, ...linked("shares", `${manila}?limit=100&marker=99`) }), json({ shares: ids(100) })],
    101,
    [`${manila}?limit=100`, `${manila}?limit=100&offset=100`],
  ],
  ["ends with a page that is not full", [json({ shares: ids(1) })], 1, [`${manila}?limit=100`]],
  ["ends where the limit is ignored", [json({ shares: [...full, ...ids(100)] })], 101, [`${manila}?limit=100`]],
  [
    "ends where the offset is ignored",
    [json({ shares: full }), json({ shares: full })],
    100,
    [`${manila}?limit=100`, `${manila}?limit=100&offset=100`],
  ],
])("Manila %s", async (_what, answers, count, urls) => {
  const cloud = fakeCloud(answers);
  const found = await endpointOf("shared-file-system", cloud).all({ path: "/shares/detail", key: "shares", item });
  expect(found).toHaveLength(count);
  expect(cloud.requests.slice(1).map((request) => request.url)).toEqual(urls);
});

test("an item of an unknown shape names its place", async () => {
  const cloud = fakeCloud([json({ networks: [{ id: 1 }, { id: "two" }] })]);
  const error = await failure(endpointOf("network", cloud).all({ path: "/networks", key: "networks", item }));
  expect(error).toMatchObject({ trouble: "invalid", detail: { fault: expect.stringContaining("networks.1.id") } });
});

test("a listing without its key is refused, not empty", async () => {
  const cloud = fakeCloud([json({ things: [] })]);
  const error = await failure(endpointOf("network", cloud).all({ path: "/networks", key: "networks", item }));
  expect(error).toMatchObject({ trouble: "invalid", detail: { fault: expect.stringContaining("at networks") } });
});

test("a listing without an end is given up before it takes the memory of others", async () => {
  const pad = "x".repeat(8 * 1024 * 1024);
  const pages = Array.from({ length: 20 }, (_, at) => json({ pad, zones: ids(at), links: { next: `x?marker=${at}` } }));
  const cloud = fakeCloud(pages);
  const error = await failure(endpointOf("dns", cloud).all({ path: "/zones", key: "zones", item }));
  const fault = "the listing has more than 67108864 characters";
  expect(error).toMatchObject({ trouble: "invalid", detail: { service: "dns", method: "GET", path: "/zones", fault } });
  expect(cloud.requests.filter(({ method }) => method === "GET")).toHaveLength(8);
});

test("a page may have more items than a call has arguments", async () => {
  const cloud = fakeCloud([json({ zones: Array.from({ length: 200_000 }, (_, id) => ({ id })) })]);
  expect(await endpointOf("dns", cloud).all({ path: "/zones", key: "zones", item })).toHaveLength(200_000);
});

test("what a service puts into its answers does not make our errors long", async () => {
  const long = "a-".repeat(100_000);
  const far = fakeCloud([json({ zones: [], links: { next: `x?marker=${long}` } })]);
  const error = await failure(endpointOf("dns", far).all({ path: "/zones", key: "zones", item }));
  const fault = "the address of the next page has more than 4096 characters";
  expect(error).toMatchObject({ trouble: "invalid", detail: { path: "/zones", fault } });
  const odd = fakeCloud([json({ zones: [{ [long]: 1 }] })]);
  const facts = z.record(z.string(), z.string());
  const answer = await failure(endpointOf("dns", odd).all({ path: "/zones", key: "zones", item: facts }));
  expect(String(answer).length).toBeLessThan(400);
});
