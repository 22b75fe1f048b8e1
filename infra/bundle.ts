import { rmSync } from "node:fs";
import { type BuildOptions, build } from "esbuild";

/** The functions of serverless.yml. */
export const FUNCTIONS = ["slack", "download", "reconcile", "sweep", "health"] as const;

const FOLDER = ".build";
/** What only a process of one's own uses (the functions' store and queue are AWS's), and colours. */
const ELSEWHERE = ["ioredis", "pg", "bullmq", "supports-color"];

/** One file for one function, as it is uploaded. */
export const ONE_FILE = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  minify: true,
  sourcemap: "external",
  sourcesContent: false,
  legalComments: "none",
  external: ELSEWHERE,
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/**
 * Makes `.build/NAME/index.cjs` of each function, with all that it needs in one file, and the map for its stack traces beside
 * it. Resolves with the modules that went into each, as paths from here.
 */
export async function bundle(): Promise<ReadonlyMap<string, readonly string[]>> {
  rmSync(FOLDER, { recursive: true, force: true });
  const made = FUNCTIONS.map(async (name) => {
    const entry = { entryPoints: [`functions/lambda/${name}.ts`], outfile: `${FOLDER}/${name}/index.cjs` };
    const { metafile } = await build({ ...ONE_FILE, external: [...ELSEWHERE], ...entry });
    return [name, Object.keys(metafile.inputs)] as const;
  });
  return new Map(await Promise.all(made));
}
