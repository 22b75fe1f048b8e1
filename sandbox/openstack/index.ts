import type { IncomingMessage, ServerResponse } from "node:http";
import { assert } from "../../shared/assert.ts";
import type { CloudSettings } from "../../shared/openstack/clouds.ts";
import type { Send } from "../../shared/openstack/send.ts";
import type { Chance } from "../../shared/ports/clock.ts";
import type { NameServers } from "../../shared/ports/name-servers.ts";
import { type Options, PREFIX, type Project, type World, world } from "./core.ts";
import { nameServers } from "./designate-answers.ts";
import { door } from "./door.ts";
import type { Faults } from "./faults.ts";
import { listen } from "./http.ts";
import type { Quotas } from "./quotas.ts";
import { services } from "./services.ts";
import type { Item } from "./table.ts";

/** An OpenStack in this process: two doors to one state, in virtual time, and never kinder than a real one. */
export interface Sandbox {
  /** The door in the process: `http://openstack.sandbox/identity/v3`, same bytes as over HTTP. */
  readonly send: Send;
  /** The door for node:http. */
  listener(request: IncomingMessage, response: ServerResponse): void;
  readonly faults: Faults;
  readonly quotas: Quotas;
  /** The name servers that Designate writes to. */
  readonly nameServers: NameServers;
  /** Logs in as the user of this name, by password, through the door in the process or the one at `url`. */
  settings(project: string, url?: string): CloudSettings;
  /** By name: `team-a`, `team-b`, `admin`. */
  project(name: string): Project;
  /** Everything that the project of this name has, of all types, as of now. */
  everything(project: string, type?: string): readonly Item[];
  /** One thing of any project, as it was when somebody called last. */
  item(type: string, id: string): Item | undefined;
  /** Hears of each thing that comes into being, in that moment. */
  onNew(hear: (type: string, id: string) => void): void;
  /** When something next changes by itself; undefined if nothing is under way. For simulations that jump. */
  nextMs(): number | undefined;
}

const URL_INSIDE = "http://openstack.sandbox";

function settings(name: string, password: string, url: string): CloudSettings {
  const domain = { name: "Default" };
  return {
    name,
    authUrl: `${url}${PREFIX.identity}/v3`,
    auth: { method: "password", user: { name, domain }, password, project: { name, domain } },
    region: "RegionOne",
    interface: "public",
    endpoints: {},
    verify: true,
  };
}

/** `chance` seeds ids, addresses and durations: the same seed and the same calls give the same answers. */
export function createSandbox(setup: {
  readonly clock: { nowMs(): number };
  readonly chance: Chance;
  readonly options?: Options;
}): Sandbox {
  const made: World = world(setup.clock, setup.chance, setup.options);
  const all = services(made).filter((service) => !made.options.absent.includes(service.type));
  const enter = door(made, all);
  const wait = setup.options?.wait;
  const send: Send = async (request) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
    const answered = enter({ ...request, headers });
    if (answered === undefined) throw new Error("connect ECONNREFUSED openstack.sandbox:80");
    if (answered.slowMs > 0) await wait?.(Math.min(answered.slowMs, request.timeoutMs));
    if (answered.lost) throw new Error("read ECONNRESET: the answer was lost");
    if (answered.slowMs > request.timeoutMs) throw new Error(`no answer within ${request.timeoutMs} ms`);
    return answered.response;
  };
  const project = (name: string): Project => {
    const found = made.projects.find((one) => one.name === name);
    assert(found !== undefined, `the sandbox has no project ${name}`);
    return found;
  };
  return {
    send,
    listener: listen(enter, wait),
    settings: (name, url = URL_INSIDE) => settings(project(name).name, made.options.password, url),
    faults: made.faults,
    quotas: made.quotas,
    nameServers: nameServers(made),
    project,
    everything(name, type) {
      made.settle();
      const { id } = project(name);
      if (type !== undefined) return made.tables().get(type)?.items(id) ?? [];
      return [...made.tables().values()].flatMap((table) => table.items(id));
    },
    item: (type, id) => made.tables().get(type)?.item(id),
    onNew: (hear) => void made.newcomers.add(hear),
    nextMs: made.nextMs,
  };
}
