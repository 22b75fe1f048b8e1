import type { Send } from "../../../shared/openstack/send.ts";
import type { CloudController } from "../cluster.ts";
import { cloudControllerManager } from "./cloud-controller-manager.ts";
import { ingress } from "./ingress.ts";
import { manila } from "./manila.ts";

/** What runs in a cluster and acts in its cloud. */
export const cloudControllers = (send: Send): readonly CloudController[] => [
  cloudControllerManager(send),
  manila(send),
  ingress(send),
];
