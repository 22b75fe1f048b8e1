import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FROM = ["node_modules/kubernetes-models", "node_modules/@kubernetes-models/apimachinery"];
/** `IIoK8sApiCoreV1Pod` is `CoreV1Pod` here. */
const PREFIX = /^IIoK8s(ApiextensionsApiserverPkgApis|KubeAggregatorPkgApis|ApimachineryPkg(Apis|Api)?|Api)/;

type Declared = { readonly alias: string } | { readonly body: string };

/** Every interface and alias that the packages declare, by the name that they export it under. */
function declared(): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>();
  for (const root of FROM)
    for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".d.ts") || file.includes("_schemas") || file.includes("node_modules")) continue;
      const text = readFileSync(join(root, file), "utf8").replace(/\/\*\*[\s\S]*?\*\//g, "");
      const name = /export type \{ \w+ as (I\w+)/.exec(text)?.[1];
      const body = /export interface I\w+[^{]*\{([\s\S]*?)\n\}/.exec(text)?.[1];
      const alias = /export (?:declare )?type I\w+ = ([^;]+);/.exec(text)?.[1];
      if (name !== undefined) found.set(name, body === undefined ? { alias: alias ?? "" } : { body });
    }
  return found;
}

function codeOf(type: string, all: ReadonlyMap<string, Declared>): string {
  const text = type.trim();
  const list = /^Array<([\s\S]*)>$/.exec(text)?.[1];
  if (list !== undefined) return `[]${codeOf(list, all)}`;
  const values = /^\{\s*\[key: string\]: ([\s\S]*);\s*\}$/.exec(text)?.[1];
  if (values !== undefined) return `{}${codeOf(values, all)}`;
  if (/^("[^"]*"( \| )?)+$/.test(text)) return "string";
  if (["string", "number", "boolean"].includes(text)) return text;
  const named = all.get(text);
  if (named !== undefined)
    return "alias" in named ? (named.alias === "string" ? "string" : "any") : text.replace(PREFIX, "");
  return text.includes("PersistentVolumeClaimSpec") ? "CoreV1PersistentVolumeClaim" : "any";
}

/** `fields.json` as the packages have it: of these types, and of all that they hold. */
export function fieldTable(roots: readonly string[]): Record<string, Record<string, string>> {
  const all = declared();
  const types = new Map<string, Record<string, string>>();
  for (const [name, one] of all) {
    if ("alias" in one) continue;
    const fields = [...`\n${one.body}`.matchAll(/\n {4}"([^"]+)"(\??): ((?:[^;{]|\{[\s\S]*?\n {4}\})+);/g)];
    const pairs = fields.map(([, field = "", optional, type = ""]) => {
      const free = optional === "?" || field === "apiVersion" || field === "kind";
      return [free ? field : `${field}!`, codeOf(type, all)] as const;
    });
    types.set(name.replace(PREFIX, ""), Object.fromEntries(pairs));
  }
  const kept: Record<string, Record<string, string>> = {};
  const visit = (name: string): void => {
    const fields = types.get(name);
    if (fields === undefined || kept[name] !== undefined) return;
    kept[name] = fields;
    for (const code of Object.values(fields)) visit(code.replace(/^(\[\]|\{\})+/, ""));
  };
  for (const root of roots) visit(root);
  return kept;
}
