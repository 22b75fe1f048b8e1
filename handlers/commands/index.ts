import type { Command } from "../command.ts";
import { remove, renew, retry } from "./changes.ts";
import { create } from "./create.ts";
import { approve, cancel, deny } from "./decisions.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { dns, lb, list, status } from "./questions.ts";

/** Every command that a person can type, in the order of the help. Adding one is its definition and a word here. */
export const commands: readonly Command[] = [
  create,
  list,
  status,
  kubeconfig,
  lb,
  dns,
  remove,
  approve,
  deny,
  cancel,
  retry,
  renew,
];
