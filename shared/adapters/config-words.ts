import type * as z from "zod";

const KINDS: Readonly<Record<string, string>> = {
  string: "must be text: put it in quotes",
  number: "must be a number",
  int: "must be a whole number",
  boolean: "must be true or false",
  array: "must be a list",
};
const FORMATS: Readonly<Record<string, string>> = {
  ipv4: "must be an IPv4 address: 192.0.2.1",
  cidrv4: "must be an IPv4 range: 10.20.0.0/24",
};

/** What zod finds, in words that tell what to write; undefined: the schema's own words are good. Never a value of the file. */
export function configWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is missing: add it"
        : (KINDS[issue.expected] ?? "must have settings below it");
    case "unrecognized_keys":
      return `there is no setting ${issue.keys.join(", ")} here: correct its name or take it out`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be at least ${issue.minimum}`
        : "is empty: add at least one";
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_format":
      return FORMATS[issue.format];
    case "invalid_key":
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}
