import type { Send } from "../../../shared/openstack/send.ts";
import type { CloudController } from "../cluster.ts";
import { cinder } from "./cinder.ts";
import { cloudControllerManager } from "./cloud-controller-manager.ts";
import { ingress } from "./ingress.ts";
import { kuryr } from "./kuryr.ts";
import { manila } from "./manila.ts";

/** What runs in a cluster and acts in its cloud. */
export const cloudControllers = (send: Send): readonly CloudController[] => [
  cloudControllerManager(send),
  manila(send),
  cinder(send),
  ingress(send),
  kuryr(send),
];
