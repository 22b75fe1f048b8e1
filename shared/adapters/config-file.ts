import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { type Config, config } from "../cluster/config.ts";

/** A configuration, or all that is wrong with it: one sentence each, that says where and what to fix. */
export type ReadConfig = { readonly config: Config } | { readonly problems: readonly string[] };

function textOf(path: string): string | { readonly problem: string } {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
    const missing = `${path} does not exist: copy kinvirt.example.yaml there, or set KINVIRT_CONFIG to where it is.`;
    return { problem: code === "ENOENT" ? missing : `${path} can't be read (${code}): check its permissions.` };
  }
}

/** The file that `KINVIRT_CONFIG` names. Every problem begins with the file and the path in it: `kinvirt.yaml: policy.approvals …`. */
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
  const read = config.safeParse(content);
  if (read.success) return { config: read.data };
  return {
    problems: read.error.issues.map((issue) => {
      const at = issue.path.join(".");
      return `${path}: ${at === "" ? "" : `${at}: `}${issue.message}`;
    }),
  };
}
