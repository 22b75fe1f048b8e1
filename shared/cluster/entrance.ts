import { floatingIp } from "../resources/floating-ip.ts";
import { loadBalancer } from "../resources/load-balancer.ts";
import { type From, type Node, node } from "../resources/node.ts";
import { ptr } from "../resources/ptr.ts";
import { recordset } from "../resources/recordset.ts";
import { API_PORT, apiName, appsName, members } from "./names.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

const DNS_TTL_SECONDS = 60;

/** What the world reaches the cluster by: the API's load balancer, the floating IPs and their names. */
export function entrance(spec: ClusterSpec, resolved: Resolved): Node[] {
  const { zone, externalNetwork, loadBalancerProvider: provider, region } = resolved;
  const planes = members(spec).filter((member) => member.role === "control-plane");
  const record = (step: string, name: string) =>
    node(
      `dns/${step}`,
      recordset,
      (from) => {
        const address = from.of(`floating-ip/${step}`).facts["address"] ?? "";
        return { zoneId: zone.id, name, type: "A" as const, records: [address], ttl: DNS_TTL_SECONDS };
      },
      // The address is known before it leads anywhere: names need not wait for the load balancer.
      { exists: [`floating-ip/${step}`] },
    );
  const pointer = node(
    "ptr/api",
    ptr,
    (from) => ({
      region,
      floatingIpId: from.of("floating-ip/api").id,
      ptrdname: apiName(spec, zone.name),
      ttl: DNS_TTL_SECONDS,
    }),
    { exists: ["floating-ip/api"] },
  );
  const balance = (from: From) => ({
    subnetId: from.of("subnet").id,
    provider,
    port: API_PORT,
    members: planes.map(({ name }) => ({ name, address: from.of(`port/${name}`).facts["address"] ?? "" })),
  });
  return [
    node("load-balancer/api", loadBalancer, balance, {
      needs: ["subnet", ...planes.map(({ name }) => `port/${name}`)],
    }),
    node(
      "floating-ip/api",
      floatingIp,
      (from) => ({
        networkId: externalNetwork.id,
        portId: from.maybe("load-balancer/api")?.facts["vipPortId"],
        attach: true,
      }),
      { later: ["router", "load-balancer/api"] },
    ),
    // Kept for the ingress: the wildcard's address is known from the first day and outlives every load balancer behind it.
    node("floating-ip/apps", floatingIp, () => ({ networkId: externalNetwork.id, attach: false }), {
      // No machine waits for it, and Neutron may answer one call after another: what they wait for goes first.
      exists: ["load-balancer/api"],
      later: ["router"],
    }),
    record("api", apiName(spec, zone.name)),
    record("apps", appsName(spec, zone.name)),
    ...(resolved.reverseDns ? [pointer] : []),
  ];
}
