import { API_STEP } from "../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { clusterKey, clusters } from "../../shared/state/index.ts";
import { noted } from "../audit.ts";
import { command } from "../command.ts";
import { mayNot } from "../may.ts";
import { noSuchCluster } from "../names.ts";
import { DOWNLOAD_PATH, HOURS_MAX, issue, type Role } from "../tickets.ts";
import { kubeconfigMessage, refused } from "../views/answers.ts";
import { code } from "../views/text.ts";

const HOURS = 8;

const isUp = ({ status }: ClusterRecord): boolean => status.steps[API_STEP]?.state === "ready";

export const kubeconfig = command({
  name: "kubeconfig",
  summary: "A link to a kubeconfig of your own, which works once",
  example: "kubeconfig dev --hours 8",
  args: {
    name: { type: "name", place: "required", help: "the cluster" },
    hours: {
      type: "hours",
      help: `how long its certificate is good: 1 to ${HOURS_MAX}, ${HOURS} if left out`,
    },
    role: {
      type: "role",
      help: "admin, edit or view; edit if left out. admin is for whoever asked for the cluster, and approvers",
    },
  },
  async run({ name, hours = HOURS, role = "edit" }, caller, deps) {
    const record = await clusters(deps.store).get(`${caller.tenant}/${name}`);
    if (record === undefined) return noSuchCluster(deps, caller.tenant, name);
    if (deps.publicUrl === undefined)
      return refused(
        "No address is configured where links could lead: have whoever runs kinvirt set `KINVIRT_PUBLIC_URL`.",
      );
    if (record.wish === "absent")
      return refused(`*${name}* is being deleted: ${code("/k8s list")} shows the clusters that stay.`);
    if (!isUp(record))
      return refused(`*${name}* does not answer yet: ${code(`/k8s status ${name}`)} shows how far it is.`);
    const no = await mayNot(deps, role === "admin" ? "kubeconfigAdmin" : "kubeconfig", caller, record);
    if (no !== undefined) return refused(role === "admin" ? `${no}${lesser(name)}` : no);
    const ticket = { cluster: clusterKey(record), id: record.id, user: caller.user, role: role satisfies Role, hours };
    await noted(deps, "kubeconfig.asked", caller, { id: record.id, name }, { role, hours: String(hours) });
    const token = await issue(deps, ticket);
    deps.log.info("kubeconfig.asked", ticket);
    return kubeconfigMessage({ name, role, hours, url: `${deps.publicUrl}${DOWNLOAD_PATH}/${token}` });
  },
});

const lesser = (name: string): string => ` For one with less, type ${code(`/k8s kubeconfig ${name} --role edit`)}.`;
