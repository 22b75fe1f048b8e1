import type { World } from "./core.ts";
import { rangeOf } from "./ip.ts";
import { isJson, type Json, listAt, textAt, textsAt } from "./json.ts";
import { addressesFor } from "./neutron-addresses.ts";
import { address, bad, isOn, mac } from "./neutron-attributes.ts";
import type { FloatingIp } from "./neutron-floating-ips.ts";
import type { FixedIp, NewPort, Port } from "./neutron-ports.ts";
import { python } from "./nova-schema.ts";
import { Fault } from "./service.ts";

const PAIRS_MAX = 10;
const PAIR = ["mac_address", "ip_address"];

/** Most of what is wrong with a pair is told in words of its own. */
export function pairs(value: unknown): string | undefined {
  if (!Array.isArray(value)) throw bad("Allowed address pairs must be a list.");
  if (value.length > PAIRS_MAX)
    throw bad(`The number of allowed address pair exceeds the maximum ${PAIRS_MAX}.`, "AllowedAddressPairExhausted");
  const seen = new Set<string>();
  for (const one of value) {
    if (!isJson(one)) return `'${one}' is not a dictionary.`;
    const own = one["mac_address"];
    const badMac = own === undefined ? undefined : mac(own);
    if (badMac !== undefined) throw bad(badMac.replace(/\.$/, ""));
    const ip = one["ip_address"];
    if (ip === undefined) throw bad("AllowedAddressPair must contain ip_address", "AllowedAddressPairsMissingIP");
    const key = `mac_address ${python(own).replaceAll("'", "")} ip_address ${String(ip)}`;
    if (seen.has(key)) throw bad(`Request contains duplicate address pair: ${key}.`, "DuplicateAddressPairInRequest");
    seen.add(key);
    const strange = Object.keys(one).filter((name) => !PAIR.includes(name));
    if (strange.length > 0) throw bad(`Unrecognized attribute(s) '${strange.join(", ")}'`);
    const text = String(ip);
    if (text.includes("/") && !text.includes(":") && rangeOf(text) === undefined)
      throw bad(`'${text}' is not a valid IP subnet`);
    if (address(text.split("/")[0]) !== undefined) throw bad(`'${text}' is not a valid IP address`);
  }
  return undefined;
}

/** Each pair has the port's own MAC unless it names another. */
export const pairsIn = (asked: Json, own: string): readonly unknown[] | undefined =>
  listAt(asked, "allowed_address_pairs")?.map((pair) => ({ mac_address: own, ...(isJson(pair) ? pair : {}) }));

const guarded = () =>
  new Fault(
    409,
    "Port Security must be enabled in order to have allowed address pairs on a port.",
    "AddressPairAndPortSecurityRequired",
  );

/** What a port can't have while it is not guarded; of an update, what it has already counts unless the update drops it. */
export function checkGuard(enabled: boolean, asked: Json, now?: Port): void {
  if (enabled) return;
  const wanted = listAt(asked, "allowed_address_pairs") ?? now?.allowed_address_pairs ?? [];
  if (wanted.length > 0) throw guarded();
  const groups = textsAt(asked, "security_groups");
  if ((groups?.length ?? 0) > 0) {
    const message = "Port security must be enabled and port must have an IP address in order to use security groups.";
    throw bad(message, "PortSecurityAndIPRequiredForSecurityGroups");
  }
  if (groups !== undefined || (now?.security_groups.length ?? 0) === 0) return;
  const until = "until security group is removed.";
  const message = `Port has security group associated. Cannot disable port security or IP address ${until}`;
  throw new Fault(409, message, "PortSecurityPortHasSecurityGroup");
}

/** Addresses that the port has and that are asked for again stay, be it only by their subnet. */
export function moved(world: World, row: Port, wanted: NewPort["fixedIps"]): readonly FixedIp[] {
  if (wanted === undefined) return row.fixed_ips;
  const held = world
    .table<FloatingIp>("floating-ip")
    .all()
    .find((ip) => ip.port_id === row.id)?.fixed_ip_address;
  if (held !== undefined && held !== null && !wanted.some((one) => one.ip_address === held)) {
    const why = "because its original fixed_ip has been associated to a floating ip.";
    throw bad(`Bad port request: Cannot update the fixed_ips of the port ${row.id}, ${why}`, "BadRequest");
  }
  const named = wanted.flatMap((one) => one.ip_address ?? []);
  const left = row.fixed_ips.filter((ip) => !named.includes(ip.ip_address));
  const asAsked = wanted.map((one) => {
    if (one.ip_address !== undefined) return one;
    const at = left.findIndex((ip) => ip.subnet_id === one.subnet_id);
    return at < 0 ? one : (left.splice(at, 1)[0] ?? one);
  });
  return addressesFor(world, row.network_id, asAsked, row.id);
}

/** What its owner may set, and what nothing here acts on. */
export interface PortSettings {
  readonly admin_state_up: boolean;
  readonly "binding:vnic_type": string;
  readonly extra_dhcp_opts: readonly unknown[];
}

export const PLAIN: PortSettings = { admin_state_up: true, "binding:vnic_type": "normal", extra_dhcp_opts: [] };

export const settingsIn = (now: PortSettings, asked: Json): PortSettings => ({
  admin_state_up: isOn(asked, "admin_state_up") ?? now.admin_state_up,
  "binding:vnic_type": textAt(asked, "binding:vnic_type") ?? now["binding:vnic_type"],
  extra_dhcp_opts:
    listAt(asked, "extra_dhcp_opts")?.map((one) => ({ ip_version: 4, ...(isJson(one) ? one : {}) })) ??
    now.extra_dhcp_opts,
});
