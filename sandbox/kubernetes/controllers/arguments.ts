import { jsonAt, listAt } from "../../openstack/json.ts";
import type { Obj } from "../object.ts";

/** Commands and arguments of the containers of a workload's pods. */
export function argumentsOf(workload: Obj): readonly string[] {
  const pod = jsonAt(jsonAt(workload["spec"], "template"), "spec");
  return (listAt(pod, "containers") ?? [])
    .flatMap((one) => [...(listAt(one, "command") ?? []), ...(listAt(one, "args") ?? [])])
    .map(String);
}
