import { key } from "../../../shared/resources/key.ts";
import type { KindCase } from "../kind-case.ts";

export const keyCase: KindCase<Record<string, never>> = {
  name: "key",
  kind: key,
  step: "key/kms",
  prepare: async () => ({ minimal: {}, full: {} }),
  markIsName: true,
};
