import { type SecretSpec, secret } from "../../../shared/resources/secret.ts";
import type { KindCase } from "../kind-case.ts";

const spec = { payload: () => "correct horse battery staple" };

export const secretCase: KindCase<SecretSpec> = {
  name: "secret",
  kind: secret,
  step: "secret/controllers",
  prepare: async () => ({ minimal: spec, full: spec }),
  markIsName: true,
};
