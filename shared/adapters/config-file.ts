import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { type Config, config } from "../cluster/config.ts";
import { configWords } from "./config-words.ts";
import { errorCode } from "./error-code.ts";

/** A configuration, or all that is wrong with it: one sentence each, that says where and what to fix. */
export type ReadConfig = { readonly config: Config } | { readonly problems: readonly string[] };

function textOf(path: string): string | { readonly problem: string } {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errorCode(error);
    const missing = `${path} does not exist: copy kinvirt.example.yaml there, or set KINVIRT_CONFIG to where it is.`;
    if (code === "EISDIR") return { problem: `${path} is a folder: set KINVIRT_CONFIG to the file in it.` };
    return { problem: code === "ENOENT" ? missing : `${path} can't be read (${code}): check its permissions.` };
  }
}

/**
 * The file that `KINVIRT_CONFIG` names. Every problem begins with the file and the path in it:
 * `kinvirt.yaml: policy.approvals …`.
 */
export function readConfig(path: string): ReadConfig {
  const text = textOf(path);
  if (typeof text !== "string") return { problems: [text.problem] };
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const where = line === undefined ? "" : ` at line ${line}`;
    return { problems: [`${path} is not valid YAML${where}: correct it there.`] };
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    return { problems: [`${path} has no settings in it: copy kinvirt.example.yaml there.`] };
  const read = config.safeParse(content, { error: configWords });
  if (read.success) return { config: read.data };
  return {
    problems: read.error.issues.map(
      ({ path: at, message }) => `${[path, at.join(".")].filter((one) => one !== "").join(": ")}: ${message}.`,
    ),
  };
}
