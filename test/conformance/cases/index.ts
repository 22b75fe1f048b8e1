import type { KindCase } from "../kind-case.ts";
import { floatingIpCase, reservedFloatingIpCase } from "./floating-ip.ts";
import { networkCase } from "./network.ts";
import { portCase } from "./port.ts";
import { routerCase } from "./router.ts";
import { securityGroupCase } from "./security-group.ts";
import { subnetCase } from "./subnet.ts";

/** Every kind, one line each. */
export const cases: readonly KindCase[] = [
  networkCase,
  subnetCase,
  routerCase,
  securityGroupCase,
  portCase,
  floatingIpCase,
  reservedFloatingIpCase,
];
