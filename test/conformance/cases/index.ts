import type { KindCase } from "../kind-case.ts";
import { credentialCase } from "./credential.ts";
import { floatingIpCase, reservedFloatingIpCase } from "./floating-ip.ts";
import { keyCase } from "./key.ts";
import { amphoraLoadBalancerCase, ovnLoadBalancerCase } from "./load-balancer.ts";
import { networkCase } from "./network.ts";
import { portCase } from "./port.ts";
import { ptrCase } from "./ptr.ts";
import { recordsetCase } from "./recordset.ts";
import { routerCase } from "./router.ts";
import { secretCase } from "./secret.ts";
import { securityGroupCase } from "./security-group.ts";
import { serverCase } from "./server.ts";
import { serverGroupCase } from "./server-group.ts";
import { shareCase } from "./share.ts";
import { shareAccessCase } from "./share-access.ts";
import { shareNetworkCase } from "./share-network.ts";
import { subnetCase } from "./subnet.ts";
import { trunkCase } from "./trunk.ts";

/** Every kind, one line each. */
export const cases: readonly KindCase[] = [
  networkCase,
  subnetCase,
  routerCase,
  securityGroupCase,
  portCase,
  trunkCase,
  floatingIpCase,
  reservedFloatingIpCase,
  serverGroupCase,
  serverCase,
  ovnLoadBalancerCase,
  amphoraLoadBalancerCase,
  recordsetCase,
  ptrCase,
  keyCase,
  secretCase,
  credentialCase,
  shareNetworkCase,
  shareCase,
  shareAccessCase,
];
