import type { Store } from "../store.ts";

/** What a controller has at hand in one pass: it looks at everything and changes what is not as it should be. */
export interface Pass {
  readonly store: Store;
  readonly nowMs: number;
  /** Characters of `[a-z0-9]`, for names. */
  readonly token: (length: number) => string;
  /** Asks for another pass by then. */
  readonly again: (afterMs: number) => void;
  /** True while this node's kubelet runs. */
  readonly alive: (node: string) => boolean;
}
