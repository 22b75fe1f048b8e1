import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import process from "node:process";
import { bundle, FUNCTIONS } from "./bundle.ts";

const OUT = ".package";
const kilobytes = (path: string): string => `${Math.ceil(statSync(path).size / 1024)} KB`.padStart(8);

/** `npm run package [-- --stage prod]`: all that a deploy uploads, made without the network, and how large it is. */
await bundle();
execFileSync(
  process.execPath,
  ["node_modules/osls/bin/serverless.js", "package", "--package", OUT, ...process.argv.slice(2)],
  {
    stdio: ["ignore", "ignore", "inherit"],
  },
);
for (const name of FUNCTIONS) {
  const zip = kilobytes(`${OUT}/${name}.zip`);
  process.stdout.write(`${name.padEnd(10)} ${zip} zipped, ${kilobytes(`.build/${name}/index.cjs`)} in one file\n`);
}
process.stdout.write(
  `${OUT}/cloudformation-template-update-stack.json ${kilobytes(`${OUT}/cloudformation-template-update-stack.json`)}\n`,
);
