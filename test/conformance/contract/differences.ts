/** Where the sandbox is known to say something else than a real cloud, and why that may stay. The reporter prints it. */
export const DIFFERENCES: readonly {
  readonly suite: string;
  readonly name: string;
  /** The exchanges of the case, counted from 0. */
  readonly at: readonly number[];
  readonly why: string;
}[] = [
  {
    suite: "identity",
    name: "without rules, and without leave to make others",
    at: [5, 6],
    why: "a token whose credential was deleted lives on in the services' caches for minutes; in the sandbox it is dead at once",
  },
];
