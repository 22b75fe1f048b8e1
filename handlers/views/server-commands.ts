/** Of a server that does not run: how people call that, what brings it back, and what that does. */
interface Stopped {
  readonly is: string;
  readonly does: string;
  readonly command: string;
}

/**
 * By Nova's status; each command is refused (409) in the status of another. Sources: the API reference's server actions
 * (`os-start`, `unpause`, `resume`, `unshelve`, `unrescue`).
 */
const STOPPED: Readonly<Record<string, readonly [is: string, command: string, does: string]>> = {
  SHUTOFF: ["switched off", "start", "starts it"],
  PAUSED: ["paused", "unpause", "lets it go on"],
  SUSPENDED: ["suspended", "resume", "lets it go on"],
  SHELVED: ["shelved", "unshelve", "brings it back"],
  SHELVED_OFFLOADED: ["shelved", "unshelve", "brings it back"],
  RESCUE: ["in rescue mode", "unrescue", "ends that"],
};

/** Undefined: Nova has another word for it, or works on it. */
export function stoppedServer(status: string, id: string): Stopped | undefined {
  const known = Object.hasOwn(STOPPED, status) ? STOPPED[status] : undefined;
  if (known === undefined) return undefined;
  const [is, command, does] = known;
  return { is, does, command: `openstack server ${command} ${id}` };
}
