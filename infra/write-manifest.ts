import { writeFileSync } from "node:fs";
import process from "node:process";
import { EXAMPLE_URL, MANIFEST, manifest } from "./manifest.ts";

/** `npm run manifest [-- https://HOST/slack/events]` */
const [url = EXAMPLE_URL] = process.argv.slice(2);
writeFileSync(MANIFEST, manifest(url));
process.stdout.write(`${MANIFEST} is written: create an app from it at https://api.slack.com/apps?new_app=1.\n`);
