/** A bug that engines like this one have had, planted in a copy of the tree. */
export interface Mutant {
  /** What is wrong with it, in words. */
  readonly name: string;
  readonly file: string;
  /** Exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail. */
  readonly tests: readonly string[];
  /** Part of the names of the tests that are run: whole lives take long. */
  readonly only?: string;
}

/** Mutants of one file, or of files that the same tests look at. */
export const among = (
  shared: Pick<Mutant, "file" | "tests" | "only">,
  mutants: readonly (Omit<Mutant, "file" | "tests"> & Partial<Mutant>)[],
): readonly Mutant[] => mutants.map((one) => ({ ...shared, ...one }));
