import { computeCases, imageCases } from "./compute.ts";
import { serverCases } from "./compute-servers.ts";
import { dnsCases } from "./dns.ts";
import { identityCases } from "./identity.ts";
import { keyManagerCases } from "./key-manager.ts";
import { loadBalancerCases } from "./load-balancer.ts";
import { loadBalancerRefusals } from "./load-balancer-refusals.ts";
import { groundCases } from "./network.ts";
import { networkRefusals } from "./network-refusals.ts";
import { trunkCases } from "./network-trunks.ts";
import { shareCases } from "./shared-file-system.ts";
import { computeBySource } from "./source-compute.ts";
import { namesBySource } from "./source-dns.ts";
import { keysBySource } from "./source-key-manager.ts";
import { loadBalancersBySource } from "./source-load-balancer.ts";
import { networkBySource } from "./source-network.ts";
import { portsBySource } from "./source-network-ports.ts";
import { policiesBySource } from "./source-policies.ts";
import { strangerCases } from "./strangers.ts";
import type { Cases } from "./suite.ts";

/** By what is recorded of them. */
export const suites: Readonly<Record<string, Cases>> = {
  identity: identityCases,
  network: groundCases,
  "network-refusals": networkRefusals,
  "network-trunks": trunkCases,
  compute: { ...computeCases, ...serverCases },
  image: imageCases,
  dns: dnsCases,
  "key-manager": keyManagerCases,
  "load-balancer": { ...loadBalancerCases, ...loadBalancerRefusals },
  "shared-file-system": shareCases,
  strangers: strangerCases,
  "by-the-source-network": { ...networkBySource, ...portsBySource },
  "by-the-source-load-balancer": { ...loadBalancersBySource, ...policiesBySource },
  "by-the-source-compute": computeBySource,
  "by-the-source-dns": namesBySource,
  "by-the-source-key-manager": keysBySource,
};
