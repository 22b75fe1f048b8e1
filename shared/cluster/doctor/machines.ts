import type { Flavor } from "../../openstack/compute.ts";
import { OpenStackError } from "../../openstack/errors.ts";
import type { Image } from "../../openstack/image.ts";
import type { Template } from "../config.ts";
import { type About, amber, type Check, check, type Finding, green, listOf, red, worstOf } from "./check.ts";
import type { Sight } from "./sight.ts";

/** What kubeadm's own preflight refuses to begin with. Source: kubernetes cmd/kubeadm/app/constants, ControlPlaneNumCPU. */
const CONTROL_PLANE = { vcpus: 2, ramMib: 1700 };
/** "2 GB or more of RAM per machine". Source: https://kubernetes.io/docs/setup, "Installing kubeadm". */
const WORKER_RAM_MIB = 2000;
/** Room for the system, images and logs. */
const DISK_GIB = 20;

type Templates = Readonly<Record<string, Template>>;

const named = (flavors: readonly Flavor[], name: string): Flavor | undefined =>
  flavors.find((one) => one.name === name || one.id === name);

const sizeOf = ({ vcpus, ram, disk }: Flavor): string => `${vcpus} vCPU, ${ram} MiB RAM, ${disk} GiB disk`;

interface Pool {
  readonly template: string;
  readonly role: "control planes" | "workers";
  readonly flavor: string;
}

const tooSmall = (role: Pool["role"], { vcpus, ram }: Flavor): boolean =>
  role === "control planes" ? vcpus < CONTROL_PLANE.vcpus || ram < CONTROL_PLANE.ramMib : ram < WORKER_RAM_MIB;

function flavorFinding(all: readonly Flavor[], { template, role, flavor: name }: Pool): Finding {
  const fit = all.filter((one) => !tooSmall(role, one) && one.disk > 0).map((one) => one.name);
  const other = `Choose another flavor for ${role} of "${template}": ${listOf(fit)}.`;
  const flavor = named(all, name);
  if (flavor === undefined) return red(`${role} of "${template}": there is no flavor "${name}"`, other);
  const is = `${role} of "${template}": ${flavor.name} has ${sizeOf(flavor)}`;
  if (flavor.disk === 0)
    return red(`${is}: Nova starts servers of it from volumes alone, and nodes boot from an image`, other);
  if (tooSmall(role, flavor) && role === "control planes") {
    const least = `${CONTROL_PLANE.vcpus} vCPU or ${CONTROL_PLANE.ramMib} MiB`;
    return red(`${is}, and kubeadm refuses less than ${least}`, other);
  }
  if (tooSmall(role, flavor)) return amber(`${is}, which leaves little room beside the kubelet`, other);
  if (flavor.disk < DISK_GIB) return amber(`${is}: less than ${DISK_GIB} GiB fill up with images and logs`, other);
  return green(`${flavor.name} has ${sizeOf(flavor)}`);
}

const flavors = check<readonly Flavor[]>({
  id: "compute/flavors",
  service: "compute",
  title: "Flavors",
  why: "kubeadm refuses a control plane with less than 2 vCPU or 1700 MiB of RAM",
  how: "GET /v2.1/flavors/detail",
  mend: "another flavor in the template, or openstack flavor create by the operator",
  read: (sight) => sight.flavors(),
  judge: (seen, { templates }) =>
    worstOf(
      Object.entries(templates).flatMap(([template, { controlPlane, workers }]) => [
        flavorFinding(seen, { template, role: "control planes", flavor: controlPlane.flavor }),
        ...(workers.count === 0 ? [] : [flavorFinding(seen, { template, role: "workers", flavor: workers.flavor })]),
      ]),
    ),
});

const zones = check<readonly string[]>({
  id: "compute/zones",
  service: "compute",
  title: "Availability zones",
  why: "A cloud without one that is up starts no server",
  how: "GET /v2.1/os-availability-zone",
  mend: "the operator looks at nova-compute: openstack compute service list",
  read: (sight) => sight.availabilityZones(),
  judge: (seen) =>
    seen.length > 0
      ? green(`up: ${listOf(seen)}`)
      : red("none is up, so no server can be started", "Ask the operator to look at: openstack compute service list"),
});

/** An image as it was found, or why it could not be told which one is meant. */
type FoundImages = Readonly<Record<string, Image | string | undefined>>;

async function findImages({ templates, image }: Sight): Promise<FoundImages> {
  const names = [...new Set(Object.values(templates).map((one) => one.image))];
  const found = names.map(async (name) => {
    const one = await image(name).catch((error: unknown) => {
      if (error instanceof OpenStackError && error.trouble === "ambiguous") return error.detail.fault;
      throw error;
    });
    return [name, one] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

function imageFinding(image: Image | string | undefined, name: string, sizes: readonly Flavor[]): Finding {
  if (typeof image === "string") return red(image, "Write the image's id into the template.");
  if (image === undefined) {
    const upload = `openstack image create --file FILE --disk-format qcow2 ${JSON.stringify(name)}`;
    return red(`there is no active image "${name}"`, `Upload it (${upload}), or correct the template.`);
  }
  const tight = sizes.filter((one) => one.ram < image.min_ram || (one.disk > 0 && one.disk < image.min_disk));
  const least = `at least ${image.min_ram} MiB of RAM and ${image.min_disk} GiB of disk`;
  if (tight.length > 0)
    return red(
      `"${name}" wants ${least}, and ${listOf(tight.map((one) => one.name))} has less`,
      "Choose a larger flavor in the template.",
    );
  return green(`"${name}" is there (${image.id})`);
}

const flavorsOf = (templates: Templates, image: string, all: readonly Flavor[]): readonly Flavor[] =>
  Object.values(templates)
    .filter((one) => one.image === image)
    .flatMap(({ controlPlane, workers }) => [controlPlane, ...(workers.count === 0 ? [] : [workers])])
    .map(({ flavor }) => named(all, flavor))
    .filter((one) => one !== undefined);

/** Without Nova the images are looked at all the same, and it is not waited for once more. */
async function knownFlavors(sight: Sight): Promise<readonly Flavor[]> {
  try {
    await sight.touch("compute");
    return await sight.flavors();
  } catch (error) {
    if (error instanceof OpenStackError) return [];
    throw error;
  }
}

const images = check<{ readonly found: FoundImages; readonly flavors: readonly Flavor[] }>({
  id: "image/templates",
  service: "image",
  title: "Images",
  why: "Each template's nodes boot from its image, which has to be active and to fit its flavors",
  how: "GET /v2/images?name=, then ?tag=",
  mend: "openstack image create, or another image in the template",
  async read(sight) {
    const [found, flavors] = await Promise.all([findImages(sight), knownFlavors(sight)]);
    return { found, flavors };
  },
  judge: ({ found, flavors: all }, { templates }: About) =>
    worstOf(Object.entries(found).map(([name, image]) => imageFinding(image, name, flavorsOf(templates, name, all)))),
});

export const machineChecks: readonly Check[] = [zones, flavors, images];
