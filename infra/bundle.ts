import { rmSync } from "node:fs";
import { build } from "esbuild";

/** The functions of serverless.yml. */
export const FUNCTIONS = ["slack", "download", "reconcile", "sweep", "health"] as const;

const FOLDER = ".build";
/** What only a process of one's own uses (the functions' store and queue are AWS's), and colours. */
const ELSEWHERE = ["ioredis", "pg", "bullmq", "supports-color"];

/**
 * Makes `.build/NAME/index.cjs` of each function, with all that it needs in one file, and the map for its stack traces beside
 * it. Resolves with the modules that went into each, as paths from here.
 */
export async function bundle(): Promise<ReadonlyMap<string, readonly string[]>> {
  rmSync(FOLDER, { recursive: true, force: true });
  const made = FUNCTIONS.map(async (name) => {
    const { metafile } = await build({
      entryPoints: [`functions/lambda/${name}.ts`],
      outfile: `${FOLDER}/${name}/index.cjs`,
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
    });
    return [name, Object.keys(metafile.inputs)] as const;
  });
  return new Map(await Promise.all(made));
}
