import { parseWords } from "../../../handlers/command.ts";
import { create } from "../../../handlers/commands/create.ts";
import { createArgs } from "../../../handlers/create.ts";
import { type Filled, fieldAbout, fieldsOf, isFilled, readFields, wordsFor } from "../../../handlers/modals/fields.ts";
import { splitWords } from "../../../handlers/words.ts";

// Goal: a form and the words of a command are two ways to write the same, in both directions.
const whole = {
  name: "dev",
  rwx: "100G",
  rwo: "yes",
  workers: "4",
  controlPlane: "3",
  template: "ha",
  version: "1.35",
  ttl: "1d12h",
  cni: "cilium",
  dryRun: "yes",
};

function typed(words: string): unknown {
  const split = splitWords(words.replace("/k8s ", ""));
  if ("problem" in split) return split;
  const parsed = parseWords([create], split);
  return parsed.misuse ?? parsed.args;
}

test.each<[string, Filled]>([
  ["nothing but the name", { name: "dev" }],
  ["everything", whole],
  ["a template with spaces", { name: "dev", template: "very large" }],
  ["a template with an apostrophe", { name: "dev", template: "team's" }],
  ["a menu that was left as it is, and empty fields", { name: "dev", version: "-", workers: " ", rwx: "" }],
])("what a form says is what its words say: %s", (_what, filled) => {
  const read = readFields(createArgs, filled);
  expect("typed" in read ? read.typed : read.errors).toEqual(typed(wordsFor("create", createArgs, filled)));
});

test("the words in full", () => {
  expect(wordsFor("create", createArgs, whole)).toBe(
    "/k8s create dev --rwx 100G --rwo --workers 4 --control-plane 3 --template ha --version 1.35 --ttl 1d12h --cni cilium --dry-run",
  );
  expect(wordsFor("create", createArgs, { workers: "4" })).toBe("/k8s create NAME --workers 4");
});

test("every wrong field is named, each with what to write", () => {
  expect(readFields(createArgs, { name: "", workers: "many", controlPlane: "2", cni: "flannel" })).toEqual({
    errors: {
      name: "It needs a NAME: lower-case letters, digits and single dashes, at most 30.",
      workers: "`many` is not a number of servers: write a whole number from 0 to 100.",
      controlPlane: "`2` can't keep a majority: write 1, 3, 5 or 7.",
      cni: "`flannel` is not a network plugin that kinvirt knows: write calico, cilium or kuryr.",
    },
  });
});

test("a sentence is about the field whose flag it names, and else about the first", () => {
  expect(fieldAbout(createArgs, "type `--workers 10` or fewer")).toBe("workers");
  expect(fieldAbout(createArgs, "leave `--rwx` out")).toBe("rwx");
  expect(fieldAbout(createArgs, "The name `dev` is taken")).toBe("name");
});

test("only what somebody filled in counts, and what Slack's own objects inherit is nothing", () => {
  expect(isFilled(createArgs, {})).toBe(false);
  expect(isFilled(createArgs, { version: "-", name: " ", strange: "x" })).toBe(false);
  expect(isFilled(createArgs, { dryRun: "yes" })).toBe(true);
});

test("fields show what applies when they are left empty", () => {
  const known = {
    choices: { template: [{ value: "ha", label: "ha: big" }] },
    usual: { workers: "3", version: "1.36", template: "ha" },
  };
  const fields = fieldsOf(createArgs, { workers: "5" }, known);
  const of = (key: string) => fields.find((field) => field.key === key);
  expect(of("workers")).toMatchObject({ kind: "text", value: "5", placeholder: "3", required: false });
  expect(of("version")).toMatchObject({
    kind: "choice",
    value: "-",
    choices: [{ value: "-", label: "As in the template: 1.36" }, { value: "1.35" }, { value: "1.36" }],
  });
  expect(of("template")).toMatchObject({ kind: "choice", value: "ha", choices: [{ value: "ha" }] });
  expect(of("rwo")).toMatchObject({ kind: "flag", value: "" });
  expect(of("name")).toMatchObject({ required: true, label: "Name" });
});
