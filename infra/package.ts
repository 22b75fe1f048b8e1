import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import process from "node:process";
import { type Bundle, bundle } from "./bundle.ts";

const OUT = ".package";
const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KB`.padStart(8);
const sizeOf = ({ files }: Bundle, some: Iterable<string>): string =>
  kilobytes([...some].reduce((sum, file) => sum + (files.get(file) ?? 0), 0));

/** `npm run package [-- --stage prod]`: all that a deploy uploads, made without the network, and how large it is. */
const bundles = await bundle();
execFileSync(
  process.execPath,
  ["node_modules/osls/bin/serverless.js", "package", "--package", OUT, ...process.argv.slice(2)],
  {
    stdio: ["ignore", "ignore", "inherit"],
  },
);
for (const [name, one] of Object.entries(bundles)) {
  const zip = kilobytes(statSync(`${OUT}/${name}.zip`).size);
  const all = `${sizeOf(one, one.files.keys())} in ${one.files.size} files`;
  process.stdout.write(`${name.padEnd(10)} ${zip} zipped, ${all}, ${sizeOf(one, one.first.files)} read at the start\n`);
}
const template = `${OUT}/cloudformation-template-update-stack.json`;
process.stdout.write(`${template} ${kilobytes(statSync(template).size)}\n`);
