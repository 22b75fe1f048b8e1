import type { Command } from "../command.ts";
import { audit } from "./audit.ts";
import { remove, renew, retry } from "./changes.ts";
import { create } from "./create.ts";
import { approve, cancel, deny } from "./decisions.ts";
import { doctor } from "./doctor.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { dns, events, kms, lb, list, nodes, status, storage } from "./questions.ts";
import { quota } from "./quota.ts";
import { requests } from "./requests.ts";

/** Every command that a person can type, in the order of the help. Adding one is its definition and a word here. */
export const commands: readonly Command[] = [
  create,
  list,
  status,
  kubeconfig,
  lb,
  dns,
  nodes,
  storage,
  kms,
  events,
  quota,
  doctor,
  remove,
  requests,
  approve,
  deny,
  cancel,
  retry,
  renew,
  audit,
];
