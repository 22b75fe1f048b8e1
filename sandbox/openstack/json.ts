/** Reading of request bodies: what is missing or of another type is undefined, and the service decides what that means. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function at(value: unknown, key: string): unknown {
  return isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export const jsonAt = (value: unknown, key: string): Json | undefined => {
  const found = at(value, key);
  return isJson(found) ? found : undefined;
};

export const textAt = (value: unknown, key: string): string | undefined => {
  const found = at(value, key);
  return typeof found === "string" ? found : undefined;
};

export const numberAt = (value: unknown, key: string): number | undefined => {
  const found = at(value, key);
  return typeof found === "number" ? found : undefined;
};

export const booleanAt = (value: unknown, key: string): boolean | undefined => {
  const found = at(value, key);
  return typeof found === "boolean" ? found : undefined;
};

export const listAt = (value: unknown, key: string): readonly unknown[] | undefined => {
  const found = at(value, key);
  return Array.isArray(found) ? found : undefined;
};

export const textsAt = (value: unknown, key: string): readonly string[] | undefined =>
  listAt(value, key)?.filter((item) => typeof item === "string");

/** `2026-11-24T07:30:59Z`: how Nova and Neutron write a time. */
export const isoOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
