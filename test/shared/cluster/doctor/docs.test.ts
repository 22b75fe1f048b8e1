import { readFileSync, writeFileSync } from "node:fs";
import { CHECKS, STARTER_KIT } from "../../../../shared/cluster/doctor/index.ts";

// Goal: the table in the documentation is the table that is run.
const FILE = "docs/doctor.md";
const [BEGIN, END] = ["<!-- checks -->\n", "<!-- end of checks -->"];

const table = (): string =>
  [
    "| service | what is looked at | what it is needed for | how it is read | how it is mended |",
    "| --- | --- | --- | --- | --- |",
    ...CHECKS.map(({ service, title, why, how, mend }) =>
      ["", ` ${STARTER_KIT[service].name} `, ` ${title} `, ` ${why} `, ` ${how} `, ` ${mend} `, ""].join("|"),
    ),
    "",
  ].join("\n");

test(`every check is in ${FILE}; UPDATE_GOLDEN=1 writes it`, () => {
  const text = readFileSync(FILE, "utf8");
  const from = text.indexOf(BEGIN) + BEGIN.length;
  const to = text.indexOf(END);
  const written = `${text.slice(0, from)}${table()}${text.slice(to)}`;
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(FILE, written);
  expect(readFileSync(FILE, "utf8")).toBe(written);
});
