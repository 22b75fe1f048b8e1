import type { FailedCall } from "../cluster/record.ts";

/** How a pass ended. Waiting is normal, so it is a value; only programmers' errors and a lost lease are thrown. */
export type Outcome =
  | { readonly is: "done" }
  | {
      readonly is: "waiting";
      readonly on: readonly string[];
      readonly troubles: readonly FailedCall[];
      /** What the record calls ready was not come to, or something is still leaving: of a setback not all was seen yet. */
      readonly unsure?: true;
    }
  | { readonly is: "blocked"; readonly call: FailedCall };
