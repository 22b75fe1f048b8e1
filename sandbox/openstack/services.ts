import type { World } from "./core.ts";
import { keystone } from "./keystone.ts";
import { neutron } from "./neutron.ts";
import type { SandboxService } from "./service.ts";

/** One line per service. */
export const services = (world: World): readonly SandboxService[] => [keystone(world), neutron(world)];
