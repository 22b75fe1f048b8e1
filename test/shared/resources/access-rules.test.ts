import {
  controllersRules,
  kmsRules,
  payloadRules,
  storageRules,
  volumeRules,
} from "../../../shared/resources/access-rules.ts";

// Goal: the rules are the recorded calls of the controllers and no others, wherever the cloud's catalog puts the services.
const PREFIXES = {
  network: "/networking/v2.0",
  compute: "/compute/v2.1",
  "load-balancer": "/load-balancer/v2",
  "key-manager": "/key-manager/v1",
  dns: "/dns/v2",
  "shared-file-system": "/share/v2",
};
const lines = (rules: readonly { service: string; method: string; path: string }[]) =>
  rules.map((rule) => `${rule.service} ${rule.method} ${rule.path}`).sort();

/** Traffic of the cloud controller manager and the KMS plugin, recorded on a DevStack. */
const RECORDED = `
network GET /networking/
network GET /networking/v2.0/extensions
network GET /networking/v2.0/ports
network GET /networking/v2.0/networks
network GET /networking/v2.0/networks/*
network GET /networking/v2.0/subnets
network GET /networking/v2.0/subnets/*
network GET /networking/v2.0/floatingips
network GET /networking/v2.0/security-groups
network GET /networking/v2.0/security-group-rules
network GET /networking/v2.0/routers/*
network PUT /networking/v2.0/ports/*
network POST /networking/v2.0/floatingips
network PUT /networking/v2.0/floatingips/*
network DELETE /networking/v2.0/floatingips/*
network POST /networking/v2.0/security-groups
network DELETE /networking/v2.0/security-groups/*
network POST /networking/v2.0/security-group-rules
network DELETE /networking/v2.0/security-group-rules/*
compute GET /compute/v2.1/servers/detail
compute GET /compute/v2.1/servers/*
compute GET /compute/v2.1/flavors/*
load-balancer GET /load-balancer/
load-balancer GET /load-balancer/v2.0/lbaas/**
load-balancer POST /load-balancer/v2.0/lbaas/**
load-balancer PUT /load-balancer/v2.0/lbaas/**
load-balancer DELETE /load-balancer/v2.0/lbaas/**
key-manager GET /key-manager/`;

test("the controllers' rules are the recorded calls", () => {
  expect(lines(controllersRules(PREFIXES)).filter((line) => !line.startsWith("dns "))).toEqual(
    RECORDED.trim().split("\n").sort(),
  );
});

test("none of Barbican's payloads can be read, with or without an ingress controller, and records can be written", () => {
  for (const ingress of [false, true]) {
    const rules = lines(controllersRules(PREFIXES, { ingress }));
    // Without the last part too: Barbican goes by what is accepted.
    expect(rules.filter((line) => /GET .*\/secrets\//.test(line))).toEqual([]);
    expect(rules).toContain("dns PUT /dns/v2/zones/*/recordsets/*");
    expect(rules.includes("key-manager POST /key-manager/v1/secrets")).toBe(ingress);
    expect(rules.filter((line) => line.includes("**"))).toHaveLength(4);
  }
});

test("the KMS plugin looks for versions and reads one key", () => {
  expect(lines(kmsRules(PREFIXES, "0a1b"))).toEqual([
    "key-manager GET /key-manager/",
    "key-manager GET /key-manager/v1/secrets/0a1b/payload",
  ]);
});

test("Kuryr adds its ports, its trunks' subports, and the other name of Octavia's version", () => {
  const [bare, more] = [controllersRules(PREFIXES), controllersRules(PREFIXES, { kuryr: true })].map(lines);
  expect((more ?? []).filter((line) => bare?.includes(line) !== true)).toEqual([
    "load-balancer DELETE /load-balancer/v2/lbaas/**",
    "load-balancer GET /load-balancer/v2/lbaas/**",
    "load-balancer POST /load-balancer/v2/lbaas/**",
    "load-balancer PUT /load-balancer/v2/lbaas/**",
    "network DELETE /networking/v2.0/ports/*",
    "network GET /networking/v2.0/extensions/*",
    "network GET /networking/v2.0/floatingips/*",
    "network GET /networking/v2.0/ports/*",
    "network GET /networking/v2.0/security-groups/*",
    "network GET /networking/v2.0/trunks",
    "network GET /networking/v2.0/trunks/*",
    "network POST /networking/v2.0/ports",
    "network PUT /networking/v2.0/floatingips/*/tags",
    "network PUT /networking/v2.0/ports/*/tags",
    "network PUT /networking/v2.0/security-groups/*/tags",
    "network PUT /networking/v2.0/trunks/*/add_subports",
    "network PUT /networking/v2.0/trunks/*/remove_subports",
  ]);
});

test("a booting node may read its own payload and call nothing else", () => {
  expect(lines(payloadRules(PREFIXES, "0a1b"))).toEqual(["key-manager GET /key-manager/v1/secrets/0a1b/payload"]);
});

test.each([
  [
    "without a path of its own",
    { network: "/v2.0", compute: "/v2.1", "load-balancer": "/v2", "key-manager": "/v1", dns: "/v2" },
    ["network GET /", "load-balancer GET /v2.0/lbaas/**"],
  ],
  [
    "with a project in the path",
    { ...PREFIXES, compute: "/compute/v2.1/p1" },
    ["compute GET /compute/v2.1/p1/servers/detail"],
  ],
])("services %s", (_what, prefixes, expected) => {
  expect(lines(controllersRules(prefixes))).toEqual(expect.arrayContaining(expected));
});

test.each([
  ["/share/v2", "sharev2", "sharev2 POST /share/v2/shares/*/action", "sharev2 GET /share/v2/"],
  ["/v2/p1", "shared-file-system", "shared-file-system POST /v2/p1/shares/*/action", "shared-file-system GET /v2/"],
])("storage below %s as %s", (prefix, type, action, versions) => {
  const rules = lines(storageRules({ "shared-file-system": prefix }, type));
  expect(rules).toEqual(expect.arrayContaining([action, versions]));
  expect(new Set(rules).size).toBe(rules.length);
});

test("volumes are made, attached, snapshotted and removed, and of Nova nothing else is called", () => {
  const prefixes = { "block-storage": "/volume/v3", compute: "/compute/v2.1" };
  expect(lines(volumeRules(prefixes, "volumev3"))).toEqual([
    "compute DELETE /compute/v2.1/servers/*/os-volume_attachments/*",
    "compute GET /compute/v2.1/servers/*",
    "compute POST /compute/v2.1/servers/*/os-volume_attachments",
    "volumev3 DELETE /volume/v3/snapshots/*",
    "volumev3 DELETE /volume/v3/volumes/*",
    "volumev3 GET /volume/",
    "volumev3 GET /volume/v3/snapshots",
    "volumev3 GET /volume/v3/snapshots/*",
    "volumev3 GET /volume/v3/snapshots/detail",
    "volumev3 GET /volume/v3/volumes/*",
    "volumev3 GET /volume/v3/volumes/detail",
    "volumev3 POST /volume/v3/snapshots",
    "volumev3 POST /volume/v3/volumes",
    "volumev3 POST /volume/v3/volumes/*/action",
  ]);
  expect(() => volumeRules({ compute: "/compute/v2.1" }, "volumev3")).toThrow("block-storage");
});

test("a service that is missing, or a path that Keystone would cut, is a programmer's error", () => {
  expect(() => storageRules({}, "sharev2")).toThrow("shared-file-system");
  expect(() => controllersRules({ ...PREFIXES, compute: `/${"x".repeat(120)}/v2.1` })).toThrow("too long");
});
