import type { Alert } from "../../../shared/state/alerts.ts";

/** Something that is not as it should be, seen once. */
export interface Finding extends Pick<Alert, "about" | "symptom" | "facts" | "mends"> {
  /** It may pass by itself, so it is told when it was so twice in a row. */
  readonly soft?: true;
  /** What others that are wrong for the same reason have too. */
  readonly cause: string;
}

export interface Judged {
  readonly findings: readonly Finding[];
  /** Of these nobody knows now, so what was said of them stays: what it is about, a whole kind of it, or `*`. */
  readonly blind: ReadonlySet<string>;
}
