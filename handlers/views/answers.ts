import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { specWords } from "./plan.ts";
import { clusterValue } from "./progress.ts";
import { actions, bullets, code, message, plural, quote, section, small } from "./text.ts";

/** Actions of the question before a delete. The value is `<name>:<cluster id>:<generation>:<keep|drop>`. */
export const DELETE_ACTIONS = { confirm: "delete:confirm", keep: "delete:keep" } as const;

/** One sentence, or several things to change. `text` is mrkdwn: words of a person are quoted by the caller. */
export function refused(why: string | readonly string[]): SlackMessage {
  if (typeof why === "string") return message(`:no_entry: ${why}`);
  const [first = "", ...others] = why;
  if (others.length === 0) return message(`:no_entry: ${first}`);
  return message(`:no_entry: ${why.length} things to change:`, section(bullets(why)));
}

/** Of what is in the store and none of this version's. `key`: `cluster/<tenant>/<name>`, `request/<id>`. */
export function unreadableMessage({ key, newer }: { readonly key: string; readonly newer: number | undefined }) {
  const what = code(key.split("/").at(-1) ?? "", 60);
  const left = "It was left as it is, and nothing was done.";
  if (newer === undefined) {
    const look = `Whoever runs kinvirt finds why in the log, at ${code("record.unreadable")}.`;
    return refused(`What kinvirt knows of ${what} can't be read. ${left} ${look}`);
  }
  const update = "Whoever runs kinvirt has to update all of its processes; then try it again.";
  return refused(`${what} was written by a newer kinvirt than the one that answers here. ${left} ${update}`);
}

export const done = (what: string): SlackMessage => message(`:white_check_mark: ${what}`);

/** `size` is what the person typed, when it was rounded up: `94 GiB (100G)`. */
export function accepted(request: Request, size?: string): SlackMessage {
  const what = `${request.action === "create" ? "create" : "delete"} *${request.name}*`;
  const rounded = size === undefined ? [] : [small(`Shared storage: ${quote(size, 60)}, rounded up to whole GiB`)];
  return message(
    `:mag: ${request.dryRun ? "Working out what it takes to" : "Planning to"} ${what}; the plan appears here in a moment.`,
    ...(request.action === "create" ? [section(specWords(request.spec))] : []),
    ...rounded,
    small(`request ${code(request.id)}`),
  );
}

const MAY = {
  admin: "may do everything",
  edit: "may look, and run and change workloads in the namespace default",
  view: "may look, but not at Secrets",
} as const;

/** For the person who asked alone: whoever has the link has the file. */
export function kubeconfigMessage(of: {
  name: string;
  role: keyof typeof MAY;
  hours: number;
  url: string;
}): SlackMessage {
  const use = `kubectl --kubeconfig ${of.name}.kubeconfig get nodes`;
  return message(
    `:key: A kubeconfig for *${of.name}*: <${of.url}|open this link> within 10 minutes; it works once.`,
    section(`It ${MAY[of.role]} (role *${of.role}*) and ends in ${plural(of.hours, "hour")}.`),
    section(`Then, in the folder where you saved it:\n${code(use)}`),
    small("Give link and file to nobody: what is done with them is done in your name"),
  );
}

export const looking = (name: string, what: string): SlackMessage =>
  message(`:mag: Looking at the ${what} of *${name}*…`);

/** Asked once, of the person who typed it: what goes, what stays, and two buttons. */
export function confirmDelete(record: ClusterRecord, keepData: boolean): SlackMessage {
  const { spec, resolved } = record;
  const servers = spec.controlPlane.count + spec.workers.count;
  const shared = spec.rwxGib === undefined ? [] : [`its shared storage of ${spec.rwxGib} GiB with all data on it`];
  const claimable = resolved?.shareType !== undefined || resolved?.blockStorageType !== undefined;
  const claimed = claimable ? ["the volumes that were claimed in it"] : [];
  const volumes = spec.rwo === true ? ["the volumes for one node at a time that were claimed in it"] : [];
  const storage = [...shared, ...claimed, ...volumes];
  const goes = [
    `${plural(servers, "server")} and what is on ${servers === 1 ? "its disk" : "their disks"}`,
    "all that runs in it, with the load balancers and DNS names that its Services and Ingresses have",
    "network, addresses, load balancer, DNS names, keys and credentials",
  ];
  const value = `${clusterValue(record)}:${keepData ? "keep" : "drop"}`;
  return message(
    `:warning: Delete *${spec.name}*? This can't be undone.`,
    section(`*Goes*\n${bullets(keepData ? goes : [...goes, ...storage])}`),
    section(`*Stays*\n${bullets(keepData && storage.length > 0 ? storage : ["nothing"])}`),
    actions(
      { action: DELETE_ACTIONS.confirm, label: `Delete ${spec.name}`, value, style: "danger" },
      { action: DELETE_ACTIONS.keep, label: "Keep it", value },
    ),
    ...(keepData || storage.length === 0
      ? []
      : [small(`To keep the data, type ${code(`/k8s delete ${spec.name} --keep-data`)}`)]),
  );
}
