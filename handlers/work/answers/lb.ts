import { inspectLoadBalancers, type LbTruth } from "../../../shared/resources/load-balancer-truth.ts";
import { lbMessage } from "../../views/on-call.ts";
import { type Answer, ownerOf } from "./question.ts";

export const lb: Answer = async ({ tenant, name, records }, _question, deps) => {
  const cloud = deps.cloudOf(tenant);
  const found = await Promise.all(records.map((record) => inspectLoadBalancers(cloud, ownerOf(record))));
  return lbMessage(found.flat() satisfies LbTruth[], name);
};
