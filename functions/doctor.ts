import process from "node:process";
import { parseArgs } from "node:util";
import { doctorJson, doctorText } from "../handlers/views/doctor-text.ts";
import { type Examination, examine, levelOf } from "../shared/cluster/doctor/index.ts";
import { insisting } from "../shared/openstack/breaker.ts";
import { type Clouds, composeClouds } from "./clouds.ts";

const USAGE = `npm run doctor [-- [--tenant NAME]… [--json]]

Looks at the cloud of each tenant of the configuration (KINVIRT_CONFIG) and says what Kubernetes would miss there.
Exit code: 0 when no line is red, 1 when one is, 2 when nothing could be looked at.
`;

interface Wish {
  readonly tenants: readonly string[];
  readonly json: boolean;
}

/** What was typed, or one sentence that says what to type. */
function wishOf(args: readonly string[]): Wish | string {
  try {
    const options = { tenant: { type: "string", multiple: true }, json: { type: "boolean" } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return { tenants: values.tenant ?? [], json: values.json === true };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const examined = ({ config, cloudOf, clock, chance }: Clouds, name: string): Promise<Examination> => {
  const tenant = config.tenants[name];
  if (tenant === undefined) throw new Error(`The configuration has no tenant "${name}".`);
  const { templates } = config;
  const patient = { name, tenant, templates, cloud: cloudOf(name), nowMs: clock.nowMs, token: chance.token };
  return insisting(() => examine(patient));
};

/** The exit code. */
async function main(args: readonly string[]): Promise<number> {
  const wish = wishOf(args);
  if (typeof wish === "string") {
    process.stderr.write(`${wish}\n\n${USAGE}`);
    return 2;
  }
  const clouds = composeClouds();
  if ("problems" in clouds) {
    process.stderr.write(`Nothing can be looked at:\n${clouds.problems.map((one) => `- ${one}\n`).join("")}`);
    return 2;
  }
  const known = Object.keys(clouds.config.tenants);
  const strange = wish.tenants.filter((name) => !known.includes(name));
  if (strange.length > 0) {
    const words = strange.map((one) => `"${one}"`).join(", ");
    process.stderr.write(`The configuration has no tenant ${words}: write ${known.join(" or ")}.\n`);
    return 2;
  }
  const examinations: Examination[] = [];
  try {
    // One after the other: tenants are often projects of one cloud, which has enough to do with one of us.
    for (const name of wish.tenants.length === 0 ? known : wish.tenants) {
      const found = await examined(clouds, name);
      examinations.push(found);
      if (!wish.json) process.stdout.write(`${examinations.length > 1 ? "\n" : ""}${doctorText(found)}`);
    }
  } finally {
    await clouds.close();
  }
  if (wish.json) process.stdout.write(doctorJson(examinations));
  return examinations.some((one) => levelOf(one) === "red") ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
