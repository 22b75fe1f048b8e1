import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { CloudTexts } from "../openstack/clouds.ts";
import type { CloudFile } from "../openstack/clouds-sections.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Undefined when there is no such file; any other failure (permissions, a directory) is thrown: it must not look like none. */
function readIfThere(path: string): CloudFile | undefined {
  try {
    return { path, text: readFileSync(path, "utf8") };
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : error;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new Error(`${path} can't be read (${String(code)}): check its permissions.`, { cause: error });
  }
}

function firstOf(paths: readonly string[]): CloudFile | undefined {
  for (const path of paths) {
    const file = readIfThere(path);
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * clouds.yaml and secure.yaml: OS_CLIENT_CONFIG_FILE and OS_CLIENT_SECURE_FILE, else the first found in the working directory,
 * ~/.config/openstack and /etc/openstack; secure.yaml and clouds-public.yaml also beside the clouds.yaml that was found.
 * Throws when a file that is named or there can't be read.
 * Source: https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html#config-files
 */
export function cloudFiles(
  env: Env,
  directories: readonly string[] = [".", join(env["HOME"] ?? homedir(), ".config", "openstack"), "/etc/openstack"],
): CloudTexts {
  const first = (stem: string, where: readonly string[]): CloudFile | undefined =>
    firstOf(where.flatMap((directory) => ["yaml", "yml", "json"].map((end) => join(directory, `${stem}.${end}`))));
  const find = (stem: string, variable: string, where: readonly string[]): CloudFile | undefined => {
    const named = env[variable];
    if (named === undefined || named === "") return first(stem, where);
    const file = readIfThere(named);
    if (file === undefined) throw new Error(`${variable} names ${named}, which does not exist: correct it.`);
    return file;
  };
  const clouds = find("clouds", "OS_CLIENT_CONFIG_FILE", directories);
  const beside = clouds === undefined ? directories : [dirname(clouds.path), ...directories];
  const secure = find("secure", "OS_CLIENT_SECURE_FILE", beside);
  const profiles = first("clouds-public", beside);
  return {
    ...(clouds === undefined ? {} : { clouds }),
    ...(secure === undefined ? {} : { secure }),
    ...(profiles === undefined ? {} : { profiles }),
  };
}
