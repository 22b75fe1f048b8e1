export interface Row {
  readonly id: string;
  readonly project_id: string;
}

/** What a resource is to somebody who looks at the whole project: the page, and tests that count what is left. */
export interface Item {
  /** The table's name: `server`, `floating-ip`. */
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly description: string;
  /** The row as the service keeps it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One type of resource, of all projects. Rows are changed in place by the service that owns the table. */
export interface Table<T extends Row> {
  /** The new row is absent from `listed` for as long as the listing-lag fault says; `get` and `all` see it at once. */
  add(row: T): T;
  /** With a project: undefined if the row belongs to another one. */
  get(id: string, project?: string): T | undefined;
  /** False if it was gone already. */
  remove(id: string): boolean;
  /** All that exist, oldest first: for checks and quotas. */
  all(project?: string): T[];
  /** What a listing shows, oldest first. */
  listed(project?: string): T[];
}

export interface AnyTable {
  items(project: string): readonly Item[];
  /** Whatever project it is in. */
  item(id: string): Item | undefined;
}

export type Describe<T> = (row: T) => Partial<Pick<Item, "name" | "status" | "description">>;

const textOf = (row: object, field: string): string => {
  const value: unknown = Reflect.get(row, field);
  return typeof value === "string" ? value : "";
};

/** `hiddenMs(type)`: for how long a new row stays out of listings. `isNew` hears of each row that arrives. */
export function table<T extends Row>(
  type: string,
  describe: Describe<T>,
  nowMs: () => number,
  hiddenMs: (type: string) => number,
  isNew: (type: string, id: string) => void = () => undefined,
): Table<T> & AnyTable {
  const rows = new Map<string, { readonly row: T; readonly shownMs: number }>();
  const all = (project?: string, untilMs = Number.POSITIVE_INFINITY) => {
    const found: T[] = [];
    for (const { row, shownMs } of rows.values())
      if (shownMs <= untilMs && (project === undefined || row.project_id === project)) found.push(row);
    return found;
  };
  const itemOf = (row: T): Item => ({
    type,
    id: row.id,
    name: textOf(row, "name"),
    status: textOf(row, "status"),
    description: textOf(row, "description"),
    fields: row as object as Readonly<Record<string, unknown>>,
    ...describe(row),
  });
  return {
    add(row) {
      rows.set(row.id, { row, shownMs: nowMs() + hiddenMs(type) });
      isNew(type, row.id);
      return row;
    },
    get(id, project) {
      const row = rows.get(id)?.row;
      return row === undefined || (project !== undefined && row.project_id !== project) ? undefined : row;
    },
    remove: (id) => rows.delete(id),
    all: (project) => all(project),
    listed: (project) => all(project, nowMs()),
    items: (project) => all(project).map(itemOf),
    item(id) {
      const found = rows.get(id)?.row;
      return found === undefined ? undefined : itemOf(found);
    },
  };
}
