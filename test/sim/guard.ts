import type { Sandbox } from "../../sandbox/openstack/index.ts";
import type { Item } from "../../sandbox/openstack/table.ts";

/** What names one thing of one service. */
export const keyOf = ({ type, id }: Pick<Item, "type" | "id">): string => `${type} ${id}`;

/** What is not ours stays as it is. */
export function guard(sandbox: Sandbox, fail: (what: string) => void) {
  const rows = new Map<string, { readonly item: Item; readonly before: string }>();
  const ids = new Set<string>();
  return {
    has: (item: Item): boolean => rows.has(keyOf(item)),
    /** Whether one of these is one of theirs. */
    some: (named: Iterable<string>): boolean => ids.size > 0 && [...named].some((id) => ids.has(id)),
    add(items: readonly Item[]): void {
      for (const item of items) {
        rows.set(keyOf(item), { item, before: JSON.stringify(item.fields) });
        ids.add(item.id);
      }
    },
    look(): void {
      for (const [key, { item, before }] of rows) {
        const fields = sandbox.item(item.type, item.id)?.fields;
        if (fields === undefined) fail(`${key}, which is a stranger's, is gone`);
        else if (JSON.stringify(fields) !== before)
          fail(`${key}, which is a stranger's, was changed: ${before} -> ${JSON.stringify(fields)}`);
      }
    },
  };
}
