import { jsonAt, listAt, textAt } from "../openstack/json.ts";
import type { Kind } from "./kinds.ts";
import type { Obj } from "./object.ts";

const known = new WeakMap<Obj, readonly Kind[]>();

/** The resources that a CustomResourceDefinition, as it is stored, brings: one for each of its versions. */
export function customKinds(definition: Obj): readonly Kind[] {
  const kinds = known.get(definition) ?? kindsIn(definition);
  known.set(definition, kinds);
  return kinds;
}

function kindsIn(definition: Obj): readonly Kind[] {
  const spec = jsonAt(definition, "spec");
  const names = jsonAt(spec, "names");
  const group = textAt(spec, "group") ?? "";
  return (listAt(spec, "versions") ?? []).flatMap((version) => {
    const [name, plural, kind] = [textAt(version, "name"), textAt(names, "plural"), textAt(names, "kind")];
    if (name === undefined || plural === undefined || kind === undefined) return [];
    const columns = (listAt(version, "additionalPrinterColumns") ?? []).map((column) => ({
      name: textAt(column, "name") ?? "",
      type: textAt(column, "type") ?? "string",
      jsonPath: textAt(column, "jsonPath") ?? "",
    }));
    return {
      group,
      version: name,
      kind,
      plural,
      short: (listAt(names, "shortNames") ?? []).map(String),
      namespaced: textAt(spec, "scope") === "Namespaced",
      type: "",
      schema: jsonAt(jsonAt(version, "schema"), "openAPIV3Schema") ?? {},
      sub: Object.keys(jsonAt(version, "subresources") ?? {}),
      columns,
    };
  });
}
