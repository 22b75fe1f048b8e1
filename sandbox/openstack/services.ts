import { barbican } from "./barbican.ts";
import { cinder } from "./cinder.ts";
import type { World } from "./core.ts";
import { designate } from "./designate.ts";
import { glance } from "./glance.ts";
import { keystone } from "./keystone.ts";
import { manila } from "./manila.ts";
import { neutron } from "./neutron.ts";
import { nova } from "./nova.ts";
import { octavia } from "./octavia.ts";
import type { SandboxService } from "./service.ts";

/** One line per service. */
export const services = (world: World): readonly SandboxService[] => [
  keystone(world),
  neutron(world),
  glance(world),
  nova(world),
  octavia(world),
  designate(world),
  barbican(world),
  manila(world),
  cinder(world),
];
