import type { Options } from "../../../sandbox/openstack/core.ts";
import { listAt, textAt } from "../../../sandbox/openstack/json.ts";
import { TAKES } from "../../../sandbox/openstack/timing.ts";
import { all, mostOf, one, openApi } from "./api.ts";

export const NIL = "11111111-2222-3333-4444-555555555555";
/** Longer than a server takes to be built, or to go. */
export const SETTLED_MS = mostOf(TAKES.serverScheduled) + mostOf(TAKES.serverBuilt) + 500;
const STEP_MS = 100;
const NAMES = {
  400: "badRequest",
  403: "forbidden",
  404: "itemNotFound",
  406: "computeFault",
  409: "conflictingRequest",
};

export const refusal = (code: keyof typeof NAMES, message: string) => ({
  status: code,
  body: { [NAMES[code]]: { code, message } },
});
export const input = (field: string, value: string, why: string) =>
  refusal(400, `Invalid input for field/attribute ${field}. Value: ${value}. ${why}`);

/** A project with a network, a port on it, and what else a server is made of. */
export async function openNova(options: Options = {}) {
  const api = openApi(options);
  const as = (version?: string) =>
    api.at("compute", version === undefined ? {} : { "openstack-api-version": `compute ${version}` });
  const nova = as("2.52");
  const neutron = api.at("network");
  const flavors = listAt((await nova("GET", "/v2.1/flavors")).body, "flavors") ?? [];
  const flavorOf = (name: string) =>
    textAt(
      flavors.find((flavor) => textAt(flavor, "name") === name),
      "id",
    ) ?? "";
  const [imageRef] = all(await api.at("image")("GET", "/v2/images?name=ubuntu-24.04-kube"), "images", "id");
  const network = one(await neutron("POST", "/v2.0/networks", { network: { name: "nodes" } }), "network").id;
  const subnet = { network_id: network, ip_version: 4, cidr: "10.9.0.0/24" };
  await neutron("POST", "/v2.0/subnets", { subnet });
  const makePort = async () => one(await neutron("POST", "/v2.0/ports", { port: { network_id: network } }), "port").id;
  const port = await makePort();
  const asked = (more: object = {}, hints?: object) => ({
    server: { name: "worker", flavorRef: flavorOf("m1.medium"), imageRef, networks: [{ port }], ...more },
    ...(hints === undefined ? {} : { "os:scheduler_hints": hints }),
  });
  const create = (more: object = {}, hints?: object) => nova("POST", "/v2.1/servers", asked(more, hints));
  const make = async (more: object = {}, hints?: object) => one(await create(more, hints), "server").id;
  const show = async (id: string) => one(await nova("GET", `/v2.1/servers/${id}`), "server");
  const showPort = async (id: string) => one(await neutron("GET", `/v2.0/ports/${id}`), "port");
  const group = async (policy: string, who = "team-a") => {
    const answer = await as("2.64")("POST", "/v2.1/os-server-groups", { server_group: { name: "g", policy } }, who);
    return one(answer, "server_group").id;
  };
  /** The states that `look` goes through, without repeats, for as long as a server takes. */
  const watch = async <T>(look: () => Promise<T>): Promise<readonly T[]> => {
    const seen: T[] = [];
    for (let ms = 0; ms <= SETTLED_MS; ms += STEP_MS) {
      const now = await look();
      if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
      api.pass(STEP_MS);
    }
    return seen;
  };
  return {
    ...api,
    as,
    nova,
    neutron,
    network,
    port,
    makePort,
    asked,
    create,
    make,
    show,
    showPort,
    group,
    watch,
    flavorOf,
  };
}
