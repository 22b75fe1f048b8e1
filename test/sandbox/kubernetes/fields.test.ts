import { readFileSync } from "node:fs";
import { KINDS } from "../../../sandbox/kubernetes/kinds.ts";
import { fieldTable } from "./fields.ts";

// Goal: the sandbox, which has no models of Kubernetes' types with it, knows their fields as the models do.
test("the table of fields is what kubernetes-models says", () => {
  const known = JSON.parse(readFileSync("sandbox/kubernetes/fields.json", "utf8"));
  expect(known).toEqual(fieldTable(KINDS.map(({ type }) => type)));
  expect(KINDS.filter(({ type }) => known[type] === undefined)).toEqual([]);
  expect(known.CoreV1PodSpec["containers!"]).toBe("[]CoreV1Container");
});
