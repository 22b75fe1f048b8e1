import "reflect-metadata";
import {
  BasicConstraintsExtension,
  type Extension,
  type JsonGeneralNames,
  type JsonName,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from "@peculiar/x509";
import { type SigningRequest, servingRequestFits } from "../../../shared/bootstrap/serving.ts";

// Goal: a kubelet gets a serving certificate for its own names, and for nobody else's.
jest.setTimeout(30_000);
const NODE = "kinvirt-dev-worker-1";
const USER = `system:node:${NODE}`;
const EXPECTED = { node: NODE, addresses: ["10.20.0.21", "fd00::21"] };
const OWN: JsonGeneralNames = [
  { type: "dns", value: NODE },
  { type: "ip", value: "10.20.0.21" },
];
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function request(names: JsonGeneralNames, more: readonly Extension[] = [], subject?: JsonName): Promise<string> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const made = await Pkcs10CertificateRequestGenerator.create({
    name: subject ?? [{ O: ["system:nodes"] }, { CN: [USER] }],
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]), ...more],
  });
  return Buffer.from(`${made.toString("pem")}\n`).toString("base64");
}

/** As a kubelet sends it, but for `change`. */
const spec = async (change: Partial<SigningRequest> = {}): Promise<SigningRequest> => ({
  signerName: "kubernetes.io/kubelet-serving",
  username: USER,
  groups: ["system:nodes", "system:authenticated"],
  usages: ["digital signature", "server auth"],
  request: change.request ?? (await request(OWN)),
  ...change,
});

test("what a kubelet asks for fits, with any part of its names", async () => {
  expect(servingRequestFits(await spec(), EXPECTED)).toBe(true);
  const usages = ["key encipherment", "digital signature", "server auth"];
  expect(servingRequestFits(await spec({ usages }), EXPECTED)).toBe(true);
  const onlyAddress = await request([{ type: "ip", value: "fd00::21" }]);
  expect(servingRequestFits(await spec({ request: onlyAddress }), EXPECTED)).toBe(true);
});

test.each<[string, Partial<SigningRequest>]>([
  ["another node's request", { username: "system:node:kinvirt-dev-worker-2" }],
  ["a person's request", { username: "anna" }],
  ["a requestor that is not in system:nodes", { groups: ["system:authenticated"] }],
  ["no groups", { groups: [] }],
  ["another signer", { signerName: "kubernetes.io/kube-apiserver-client-kubelet" }],
  ["client authentication", { usages: ["digital signature", "client auth"] }],
  ["client authentication too", { usages: ["digital signature", "server auth", "client auth"] }],
  ["signing too", { usages: ["digital signature", "server auth", "cert sign"] }],
  ["no usages", { usages: [] }],
  ["no signature", { usages: ["server auth"] }],
  ["no server authentication", { usages: ["digital signature"] }],
  ["no request", { request: "" }],
  ["a request that is none", { request: Buffer.from("-----BEGIN CERTIFICATE REQUEST-----").toString("base64") }],
])("%s does not fit", async (_what, change) => {
  expect(servingRequestFits(await spec(change), EXPECTED)).toBe(false);
});

const subject = (...parts: JsonName) => ({ subject: parts });
const [NODES, MASTERS, OWN_NAME] = [{ O: ["system:nodes"] }, { O: ["system:masters"] }, { CN: [USER] }];

test.each<[string, JsonGeneralNames, { extensions?: Extension[]; subject?: JsonName }]>([
  ["another node's address", [...OWN, { type: "ip", value: "10.20.0.22" }], {}],
  ["the API's name", [...OWN, { type: "dns", value: "api.dev.k8s.example.org" }], {}],
  ["an address as a name", [{ type: "dns", value: "10.20.0.21" }], {}],
  ["a wildcard", [{ type: "dns", value: "*" }], {}],
  ["a mail address", [...OWN, { type: "email", value: "a@example.org" }], {}],
  ["a URI", [...OWN, { type: "url", value: "spiffe://x" }], {}],
  ["no name at all", [], {}],
  ["an authority", OWN, { extensions: [new BasicConstraintsExtension(true)] }],
  ["another common name", OWN, subject(NODES, { CN: ["system:node:kinvirt-dev-worker-2"] })],
  ["another organisation", OWN, subject(MASTERS, OWN_NAME)],
  ["two organisations", OWN, subject(NODES, MASTERS, OWN_NAME)],
  ["two common names", OWN, subject(NODES, OWN_NAME, { CN: ["admin"] })],
  ["two common names in one part", OWN, subject(NODES, { CN: [USER, "admin"] })],
  ["two organisations in one part", OWN, subject({ O: ["system:nodes", "system:masters"] }, OWN_NAME)],
])("a request for %s does not fit", async (_what, names, more) => {
  const made = await request(names, more.extensions, more.subject);
  expect(servingRequestFits(await spec({ request: made }), EXPECTED)).toBe(false);
});
