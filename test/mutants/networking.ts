import { among, type Mutant } from "./mutant.ts";

const kindsSuite = "test/conformance/kinds.sandbox.test.ts";
const of = (name: string) => `test/shared/resources/${name}.test.ts`;
const life = "test/handlers/life.test.ts";

/** What is made of Neutron and Octavia. */
export const networking: readonly Mutant[] = [
  ...among({ file: "shared/resources/floating-ip.ts", tests: [kindsSuite] }, [
    {
      name: "floating IPs of others are ours",
      find: 'item.project_id === projectId && item.description?.split(" ")[0] === markOf(cluster)',
      replace: "item.project_id === projectId && markOf(cluster) !== ''",
    },
    {
      name: "a floating IP that is kept for the ingress is taken from it",
      find: 'if (!spec.attach || now.status === "failed") return now;',
      replace: 'if (now.status === "failed") return now;',
      tests: [of("floating-ip")],
    },
    {
      name: "a floating IP without its port is ready",
      find: 'if (spec.portId === undefined) return { ...now, status: "pending" };',
      replace: "if (spec.portId === undefined) return now;",
    },
  ]),
  ...among({ file: "shared/resources/router.ts", tests: ["test/shared/resources/router.test.ts"] }, [
    {
      name: "a router that was found is joined although it may be already",
      find: "fresh !== true && (await joins",
      replace: "fresh === undefined || (await joins",
    },
    {
      name: "a router that nobody has joined yet is asked what it leads from",
      find: "fresh !== true && (await joins",
      replace: "fresh !== false && (await joins",
    },
  ]),
  ...among({ file: "shared/resources/load-balancer.ts", tests: ["test/shared/resources/load-balancer.test.ts"] }, [
    {
      name: "a load balancer of another name is taken for ours by its id",
      find: "tree?.name === name && isTold",
      replace: "tree !== undefined && isTold",
    },
    {
      name: "a load balancer that has failed is believed without a look at its mark",
      find: 'return found.status === "failed" ? undefined : found;',
      replace: "return found;",
    },
  ]),
  ...among({ file: "shared/resources/router.ts", tests: [kindsSuite] }, [
    {
      name: "a router is deleted before its interfaces",
      find: "    for (const port of await interfacesOf(cloud, now.id)) await cloud.network.removeRouterInterface(now.id, port.id);\n    await cloud.network.deleteRouter(now.id);",
      replace:
        "    await cloud.network.deleteRouter(now.id);\n    for (const port of await interfacesOf(cloud, now.id)) await cloud.network.removeRouterInterface(now.id, port.id);",
    },
    {
      name: "an interface that was made already fails the router",
      find: "if (saysJoined(error, subnetId) || (await joins(cloud, routerId, subnetId))) return;",
      replace: "if (error instanceof RangeError) return;",
      tests: [kindsSuite],
    },
  ]),
  ...among({ file: "shared/resources/load-balancer.ts", tests: [of("load-balancer")] }, [
    {
      name: "a load balancer is changed while its parts are PENDING",
      find: "    if (now.parts.pending !== undefined) return now;\n",
      replace: "",
    },
    {
      name: "a load balancer in ERROR is polled for ever",
      find: '  if (state === "ERROR") return "failed";\n',
      replace: "",
    },
    {
      name: "a load balancer that refuses to be made whole is never made",
      find: '      if (!isTrouble(refusal, "invalid")) throw refusal;\n',
      replace: "      throw refusal;\n",
      tests: [life],
      only: "a load balancer that Octavia refuses as a whole",
    },
  ]),
  ...among({ file: "shared/resources/load-balancer-parts.ts", tests: [of("load-balancer")] }, [
    {
      name: "an amphora cuts a watch of the API that is silent for 50 s",
      find: 'provider === "amphora" ? { timeout_client_data',
      replace: 'provider === ("" as never) ? { timeout_client_data',
    },
    {
      name: "a member in ERROR is left in its pool",
      find: 'members.filter((one) => one.provisioning_status !== "ERROR").map(memberKey)',
      replace: "members.map(memberKey)",
    },
    {
      name: "a load balancer without members is ready",
      find: "parts.monitorId === undefined || membersDiffer(parts, spec)",
      replace: "parts.monitorId === undefined || (spec.port === 0 && membersDiffer(parts, spec))",
    },
  ]),
  ...among({ file: "shared/resources/subnet.ts", tests: [life] }, [
    {
      name: "ports that a refused load balancer left keep the subnet for ever",
      find: '!isTrouble(error, "conflict") || !(await removeLeftPorts(cloud, now.id))',
      replace: "removeLeftPorts !== undefined",
      only: "a load balancer that Octavia refuses as a whole",
    },
    {
      name: "the port of a load balancer that lives is deleted",
      find: "(await loadBalancer.getLoadBalancer(balancer)) === undefined",
      replace: "(await loadBalancer.getLoadBalancer(balancer)) !== null",
      tests: [of("subnet")],
    },
    {
      name: "the port that members are checked from keeps the subnet for ever",
      find: "return name === checksPort(subnetId) && !(await isChecked());",
      replace: "return false;",
      tests: [of("subnet")],
    },
    {
      name: "members of a load balancer that lives are checked no more",
      find: " && !(await isChecked())",
      replace: "",
      tests: [of("subnet")],
    },
  ]),
  ...among({ file: "shared/resources/security-group.ts", tests: [kindsSuite] }, [
    {
      name: "nodes of a cloud without default rules reach nothing",
      find: "...(isClosed(now) ? [wayOut(now.id)] : [])",
      replace: "...(isClosed({ rules: [] }) ? [] : [wayOut(now.id)])",
      tests: ["test/shared/resources/security-group.test.ts"],
    },
    {
      name: "rules that somebody added stay open",
      find: "    for (const rule of unwanted) await cloud.network.deleteSecurityGroupRule(rule.id);\n",
      replace: "",
      tests: [of("security-group")],
    },
    {
      name: "the cloud's egress rules are deleted",
      find: 'now.rules.filter((rule) => rule.direction === "ingress" && !wanted',
      replace: "now.rules.filter((rule) => !wanted",
      tests: [of("security-group")],
    },
  ]),
  ...among({ file: "shared/resources/security-rules.ts", tests: [of("security-rules")] }, [
    {
      name: "NodePorts are open to everybody with every provider",
      find: 'traffic.provider === "ovn" ? ANYWHERE : traffic.nodeCidr',
      replace: "ANYWHERE",
    },
  ]),
  ...among({ file: "shared/resources/port.ts", tests: [kindsSuite] }, [
    {
      name: "a bulk create gives one server the other's port",
      find: "(await cloud.network.createPorts(wanted.map(({ owner, spec }) => asked(owner, spec)))).map(seen),",
      replace:
        "(await cloud.network.createPorts(wanted.map(({ owner, spec }) => asked(owner, spec)))).map(seen).reverse(),",
    },
  ]),
];
