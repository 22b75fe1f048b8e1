import type * as z from "zod";

const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;

export const pointer = (root: string, path: readonly PropertyKey[] = []): string =>
  `[json-pointer:${[root, ...path.map(String)].join("/")}]`;

const ARTICLES: Readonly<Record<string, string>> = { object: "an object", array: "an array", string: "a string" };

function words(issue: z.core.$ZodIssue, given: unknown): string {
  switch (issue.code) {
    case "too_big":
      return issue.origin === "string"
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : `no more than ${issue.maximum} items allowed`;
    case "too_small":
      return issue.origin === "string"
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : `must provide at least ${issue.minimum} items`;
    case "invalid_type":
      return `must provide ${ARTICLES[issue.expected] ?? `a ${issue.expected}`}`;
    case "invalid_union":
      return `unsupported type: ${String(given)}`;
    case "invalid_value":
      return "must be a valid enum value";
    default:
      return issue.message;
  }
}

/**
 * What Slack says of an input that breaks its rules, and where: `must be less than 151 characters
 * [json-pointer:/blocks/0/text/text]`. A field that is not there is missing from what should hold it.
 */
export const complaints = (error: z.ZodError, input: unknown, root: string): readonly string[] =>
  error.issues.map((issue) => {
    const given = issue.path.reduce(at, input);
    const last = issue.path.at(-1);
    return given === undefined && last !== undefined
      ? `missing required field: ${String(last)} ${pointer(root, issue.path.slice(0, -1))}`
      : `${words(issue, given)} ${pointer(root, issue.path)}`;
  });
