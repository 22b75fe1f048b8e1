import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { NODES, RULES, roleOf, TRAFFIC } from "./bare.ts";
import { RWX_GIB } from "./graph.ts";
import type { Ground } from "./ground.ts";

/*
 * The same cluster as a person's sequence of `openstack` commands, one after another; OPENSTACK names the command where it
 * is another one (`sudo openstack`). Rules of a security group are one command each, as the client has it; PTR record,
 * wildcard and credentials included.
 */
const run = promisify(execFile);
const [command = "openstack", ...before] = (process.env["OPENSTACK"] ?? "openstack").split(" ");

async function openstack(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...before, ...words], { env: process.env, maxBuffer: 2 ** 24 });
  return stdout.trim();
}

const ID = ["-f", "value", "-c", "id"];

function groupCommands(name: string): readonly (readonly string[])[] {
  return (["control-plane", "worker"] as const).flatMap((role) => {
    const group = `${name}-${role}`;
    const rules = RULES[role].map((rule) => {
      const ports = rule.portMin === undefined ? [] : ["--dst-port", `${rule.portMin}:${rule.portMax}`];
      const remote = rule.remote === "self" ? ["--remote-group", group] : ["--remote-ip", rule.remote];
      return ["security", "group", "rule", "create", group, "--protocol", rule.protocol, ...ports, ...remote];
    });
    return [["security", "group", "create", group], ...rules];
  });
}

async function machines(name: string, ground: Ground): Promise<void> {
  const groups: Record<string, string> = {};
  for (const role of ["control-plane", "worker"])
    groups[role] = await openstack(
      "server",
      "group",
      "create",
      `${name}-${role}`,
      "--policy",
      "soft-anti-affinity",
      ...ID,
    );
  for (const node of NODES) {
    const [port, role] = [`${name}-port-${node}`, roleOf(node)];
    await openstack("port", "create", port, "--network", name, "--security-group", `${name}-${role}`);
    const flavor = role === "worker" ? ground.worker : ground.controlPlane;
    const where = ["--flavor", flavor, "--image", ground.image, "--port", port, "--hint", `group=${groups[role]}`];
    await openstack("server", "create", `${name}-${node}`, ...where, "--use-config-drive", "--wait");
  }
}

async function entrance(name: string, ground: Ground): Promise<void> {
  const address = ["-f", "value", "-c", "fixed_ips"];
  const fixed = await openstack("port", "show", `${name}-port-control-plane-1`, ...address);
  const member = /\d+\.\d+\.\d+\.\d+/.exec(fixed)?.[0] ?? "";
  const lb = (...words: readonly string[]) => openstack("loadbalancer", ...words, "--wait");
  await lb("create", "--name", name, "--vip-subnet-id", name, "--provider", "ovn");
  await lb("listener", "create", "--name", `${name}-l`, "--protocol", "TCP", "--protocol-port", "6443", name);
  const algorithm = ["--lb-algorithm", "SOURCE_IP_PORT"];
  await lb("pool", "create", "--name", `${name}-p`, "--listener", `${name}-l`, "--protocol", "TCP", ...algorithm);
  const monitor = ["--type", "TCP", "--delay", "5", "--timeout", "3", "--max-retries", "3"];
  await lb("healthmonitor", "create", ...monitor, `${name}-p`);
  await lb("member", "create", "--address", member, "--protocol-port", "6443", `${name}-p`);
  const vip = await openstack("loadbalancer", "show", name, "-f", "value", "-c", "vip_port_id");
  const { name: zone } = ground.zone;
  for (const [record, more] of [
    ["api", ["--port", vip]],
    ["*.apps", []],
  ] as const) {
    const described = ["--description", `${name}-${record}`];
    const made = await openstack("floating", "ip", "create", ground.external, ...described, ...more, "-f", "json");
    const { id, floating_ip_address: ip } = JSON.parse(made) as Readonly<Record<string, string>>;
    await openstack("recordset", "create", zone, `${record}.${name}.${zone}`, "--type", "A", "--record", ip ?? "");
    if (record === "api") await openstack("ptr", "record", "set", `${ground.region}:${id}`, `api.${name}.${zone}`);
  }
}

export async function createByCommands(name: string, ground: Ground): Promise<void> {
  await openstack("network", "create", name);
  await openstack("subnet", "create", name, "--network", name, "--subnet-range", TRAFFIC.nodeCidr);
  await openstack("router", "create", name, "--external-gateway", ground.external);
  await openstack("router", "add", "subnet", name, name);
  for (const words of groupCommands(name)) await openstack(...words);
  await machines(name, ground);
  await entrance(name, ground);
  const key = ["--algorithm", "aes", "--bit-length", "256", "--mode", "cbc"];
  await openstack("secret", "order", "create", "key", "--name", `${name}-key`, ...key);
  for (const user of ["controllers", "storage"]) {
    await openstack("secret", "store", "--name", `${name}-${user}`, "--payload", "x".repeat(48));
    await openstack("application", "credential", "create", `${name}-${user}`);
  }
  await openstack("share", "create", "NFS", String(RWX_GIB), "--name", name, "--share-type", "rwx", "--wait");
  await openstack("share", "access", "create", name, "ip", TRAFFIC.nodeCidr, "--wait");
}

/** This column of the rows of a listing that say one of `words`. */
async function listed(
  words: readonly string[],
  column: string,
  ...command: readonly string[]
): Promise<readonly string[]> {
  const rows = JSON.parse(await openstack(...command, "-f", "json")) as readonly Readonly<Record<string, unknown>>[];
  return rows
    .filter((row) => words.some((word) => JSON.stringify(row).includes(word)))
    .map((row) => String(row[column]));
}

export async function deleteByCommands(name: string, ground: Ground): Promise<void> {
  const { name: zone } = ground.zone;
  await openstack("server", "delete", ...NODES.map((node) => `${name}-${node}`), "--wait");
  await openstack("loadbalancer", "delete", name, "--cascade", "--wait");
  const addresses = await listed([name], "ID", "floating", "ip", "list", "--long");
  for (const pointer of await listed([name], "id", "ptr", "record", "list"))
    await openstack("ptr", "record", "unset", pointer);
  await openstack("floating", "ip", "delete", ...addresses);
  for (const record of ["api", "*.apps"]) await openstack("recordset", "delete", zone, `${record}.${name}.${zone}`);
  for (const user of ["controllers", "storage"])
    await openstack("application", "credential", "delete", `${name}-${user}`);
  // An order outlives its key, and is listed without its name.
  const secrets = await listed([name], "Secret href", "secret", "list", "--limit", "100");
  const orders = await listed(secrets, "Order href", "secret", "order", "list", "--limit", "100");
  for (const href of secrets) await openstack("secret", "delete", href);
  for (const href of orders) await openstack("secret", "order", "delete", href);
  await openstack("share", "delete", name, "--wait");
  await openstack("port", "delete", ...NODES.map((node) => `${name}-port-${node}`));
  for (const role of ["control-plane", "worker"]) {
    await openstack("server", "group", "delete", `${name}-${role}`);
    await openstack("security", "group", "delete", `${name}-${role}`);
  }
  await openstack("router", "remove", "subnet", name, name);
  await openstack("router", "delete", name);
  await openstack("network", "delete", name);
}
