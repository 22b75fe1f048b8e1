import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ALL, manifestsOf, nameOf } from "./input.ts";
import type { Given } from "./unknown-fields.ts";

// Goal: a field that Kubernetes does not know, or of another type, is found here and not by an API server.
const faultsOf = (manifests: readonly Given[]): readonly (readonly string[])[] =>
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, "unknown-fields.ts")], {
      input: JSON.stringify(manifests),
      encoding: "utf8",
    }),
  );

test("every manifest of every variant has known fields only", () => {
  const manifests = ALL.flatMap(([variant, input]) => manifestsOf(input).map((manifest) => ({ variant, manifest })));
  const faults = faultsOf(manifests.map(({ manifest }) => manifest));
  expect(faults).toHaveLength(manifests.length);
  expect(
    manifests.flatMap(({ variant, manifest }, at) =>
      (faults[at] ?? []).map((fault) => `${variant}: ${nameOf(manifest)}: ${fault}`),
    ),
  ).toEqual([]);
});

test("the search finds what is unknown or mistyped, at any depth", () => {
  const pod = {
    containers: [{ name: "a", image: "a", imagePullPolicy: "Sometimes", securityContext: { privilege: true } }],
  };
  const template = { metadata: { labels: { app: "a" } }, spec: pod };
  expect(
    faultsOf([
      { apiVersion: "v1", kind: "ConfigMap", data: { anything: "goes" } } as Given,
      { apiVersion: "v1", kind: "Service", spec: { portz: [] } } as Given,
      { apiVersion: "apps/v1", kind: "Deployment", spec: { selector: {}, template, replicas: "1" } } as Given,
    ]),
  ).toEqual([
    [],
    ["unknown /spec/portz"],
    [
      "type /spec/replicas",
      "enum /spec/template/spec/containers/0/imagePullPolicy",
      "unknown /spec/template/spec/containers/0/securityContext/privilege",
    ],
  ]);
});
