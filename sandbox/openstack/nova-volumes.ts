import { attachedTo, CINDER_TAKES, findVolume, type Volume } from "./cinder-model.ts";
import type { World } from "./core.ts";
import { jsonAt, textAt } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { findServer } from "./nova-servers.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const FIRST_LETTER = "b".charCodeAt(0);

const view = (request: SandboxRequest, volume: Volume) => ({
  ...(atLeast(request, "2.89") ? { attachment_id: volume.attachment?.id } : { id: volume.id }),
  serverId: volume.attachment?.server,
  volumeId: volume.id,
  device: volume.attachment?.device,
  ...(atLeast(request, "2.70") ? { tag: null } : {}),
  ...(atLeast(request, "2.79") ? { delete_on_termination: false } : {}),
});

/** Volumes of a server. Like cinder.ts, never compared with a real one. */
export function attachmentRoutes(world: World): Readonly<Record<string, Handle>> {
  const path = "/v2.1/servers/:id/os-volume_attachments";
  const later = (volume: Volume, status: string, then: Partial<Volume>) =>
    world.later(world.takes(CINDER_TAKES.attached), () => {
      if (volume.status === status) Object.assign(volume, then);
    });
  return {
    [`GET ${path}`]: (request, { id = "" }) => {
      const all = attachedTo(world, findServer(world, request, id).id);
      return { status: 200, body: { volumeAttachments: all.map((one) => view(request, one)) } };
    },
    [`POST ${path}`]: (request, { id = "" }) => {
      const server = findServer(world, request, id);
      const volume = findVolume(world, request, textAt(jsonAt(request.body, "volumeAttachment"), "volumeId") ?? "");
      if (!["active", "stopped"].includes(server.vm_state))
        throw new Fault(409, `Cannot 'attach_volume' instance ${id} while it is in vm_state ${server.vm_state}`);
      if (volume.status !== "available") {
        const state = `status must be available or downloading to reserve, but the current status is ${volume.status}.`;
        throw new Fault(400, `Invalid volume: Volume ${volume.id} ${state}`);
      }
      const device = `/dev/vd${String.fromCharCode(FIRST_LETTER + attachedTo(world, id).length)}`;
      Object.assign(volume, { status: "attaching", attachment: { id: world.uuid(), server: id, device } });
      later(volume, "attaching", { status: "in-use" });
      return { status: 200, body: { volumeAttachment: view(request, volume) } };
    },
    [`DELETE ${path}/:volume`]: (request, { id = "", volume: volumeId = "" }) => {
      const volume = attachedTo(world, findServer(world, request, id).id).find((one) => one.id === volumeId);
      if (volume === undefined) throw new Fault(404, `Volume attachment ${volumeId} could not be found.`);
      if (volume.status !== "in-use")
        throw new Fault(400, `Invalid volume: Volume ${volumeId} status must be in-use to detach.`);
      volume.status = "detaching";
      later(volume, "detaching", { status: "available", attachment: undefined });
      return { status: 202 };
    },
  };
}
