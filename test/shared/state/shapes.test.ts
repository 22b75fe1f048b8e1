import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { clusterRecord } from "../../../shared/cluster/record.ts";
import { request } from "../../../shared/cluster/request.ts";
import { alert } from "../../../shared/state/alerts.ts";
import { auditRecord } from "../../../shared/state/audit.ts";

// Goal: nobody changes what lies in people's stores by accident. A shape that has been released is changed with a new number in
// `schema` and an upgrade from the one before (shared/state/versions.ts); then, and for a shape that never was released:
// UPDATE_GOLDEN=1 npx jest shapes
const GOLDEN = "test/shared/state/golden/shapes.json";
const SHAPES = { cluster: clusterRecord, request, alert, audit: auditRecord };

test("stored shapes are those that were released", () => {
  const shapes = Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => [
      name,
      z.toJSONSchema(shape, { unrepresentable: "any", reused: "ref" }),
    ]),
  );
  const text = `${JSON.stringify(shapes, undefined, 1)}\n`;
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(GOLDEN, text);
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(GOLDEN, "utf8")));
});
