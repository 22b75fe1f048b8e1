export type Sections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An INI file as gcfg and oslo.config read it, with gcfg's quotes taken off. */
export function sections(text: string): Sections {
  const found: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const head = /^\[(\w+)\]$/.exec(line)?.[1];
    if (head !== undefined) {
      section = {};
      found[head] = section;
    } else if (line !== "") {
      const [, key = "", value = ""] = /^([\w-]+) = (.*)$/.exec(line) ?? [];
      section[key] = value.startsWith('"') ? JSON.parse(value) : value;
    }
  }
  return found;
}

export const known = (text: string) => text.split(/\s+/).filter((key) => key !== "");
/** Keys that a program would ignore. */
export const unknownKeys = (given: Sections, keys: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(given).flatMap(([section, values]) =>
    Object.keys(values)
      .filter((key) => !keys[section]?.includes(key))
      .map((key) => `[${section}] ${key}`),
  );
