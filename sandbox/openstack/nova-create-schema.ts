import { atLeast } from "./microversion.ts";
import {
  all,
  anyOf,
  array,
  atMost,
  boolean,
  integer,
  metadata,
  name,
  notEmpty,
  object,
  oneOf,
  rule,
  type Schema,
  string,
  tags,
  uuid,
} from "./nova-schema.ts";
import type { SandboxRequest } from "./service.ts";

const USER_DATA_MAX = 65_535;
export const HOSTNAME_MAX = 63;

const description = all(
  rule((value) => value === null || typeof value === "string", "is not of type 'string', 'null'"),
  atMost(255),
);
/** As Python decodes it: strange characters are skipped, and only the padding must be right. */
const base64 = rule((value) => String(value).replace(/[^A-Za-z0-9+/=]/g, "").length % 4 === 0, "is not a 'base64'");
const ip = rule((value) => typeof value === "string" && /^(\d{1,3}\.){3}\d{1,3}$/.test(value), "is not a 'ipv4'");
/** The sandbox makes one server in a call. */
const single = all(
  integer("^[0-9]*$", 1),
  rule((value) => Number(value) === 1, "is greater than the maximum of 1"),
);

/** What a create call may hold, by its microversion. */
export function createSchema(request: SandboxRequest): Schema {
  const since = (version: string, fields: Readonly<Record<string, Schema>>) =>
    atLeast(request, version) ? fields : {};
  const modern = atLeast(request, "2.37");
  const nothing = rule((value) => value === null, "is not of type 'null'");
  const network = object({ port: anyOf(uuid, nothing), uuid: modern ? uuid : string, fixed_ip: ip, tag: string });
  const hints = object({ group: uuid }, [], true);
  const server = object(
    {
      name,
      imageRef: anyOf(uuid, all(string, atMost(0))),
      flavorRef: all(
        rule((value) => typeof value === "string" || Number.isInteger(value), "is not of type 'string', 'integer'"),
        notEmpty,
      ),
      adminPass: string,
      metadata,
      networks: modern ? anyOf(array(network), oneOf(["none", "auto"])) : array(network),
      "OS-DCF:diskConfig": all(string, oneOf(["AUTO", "MANUAL"])),
      availability_zone: name,
      config_drive: boolean,
      key_name: name,
      min_count: single,
      max_count: single,
      security_groups: array(object({ name })),
      user_data: all(string, base64, atMost(USER_DATA_MAX)),
      ...since("2.19", { description }),
      ...since("2.52", { tags }),
      ...since("2.90", { hostname: all(string, notEmpty, atMost(HOSTNAME_MAX)) }),
    },
    ["name", "flavorRef", ...(modern ? ["networks"] : [])],
  );
  return object({ server, "os:scheduler_hints": hints, "OS-SCH-HNT:scheduler_hints": hints }, ["server"]);
}
