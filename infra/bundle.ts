import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import process from "node:process";
import { type BuildOptions, build, type Metafile, type Plugin, transform } from "esbuild";

/** The functions of serverless.yml. */
export const FUNCTIONS = ["slack", "download", "reconcile", "sweep", "health"] as const;

const FOLDER = ".build";
const COMMON = { platform: "node", target: "node24", minify: true, legalComments: "none" } as const;

/**
 * AWS's packages as modules, of which esbuild leaves out what nobody uses: a service has hundreds of calls, and we make a
 * handful.
 */
const awsAsModules: Plugin = {
  name: "aws-as-modules",
  setup(esbuild) {
    const asked = Symbol("asked");
    esbuild.onResolve({ filter: /^@(aws-sdk|smithy)\/[\w-]+$/ }, async ({ path, pluginData, ...args }) => {
      if (pluginData === asked) return undefined;
      const found = await esbuild.resolve(path, { ...args, pluginData: asked });
      return { ...found, pluginData: undefined, path: found.path.replace("/dist-cjs/", "/dist-es/") };
    });
  },
};

/** What is loaded later (`import()`) is in files of its own, so that a start does not even read it. */
const SPLIT = {
  ...COMMON,
  bundle: true,
  // The one form that esbuild splits.
  format: "esm",
  splitting: true,
  outExtension: { ".js": ".cjs" },
  plugins: [awsAsModules],
  // What only a process of one's own uses (the functions' store and queue are AWS's), and colours.
  external: ["ioredis", "pg", "bullmq", "supports-color"],
  // For the maps of what is made of it.
  sourcemap: "inline",
  sourcesContent: false,
  metafile: true,
  write: false,
  logLevel: "warning",
} satisfies BuildOptions & { write: false; metafile: true };

/** CommonJS is loaded at once, and asks Node for no more of its own modules than are used. */
const FINAL = {
  ...COMMON,
  format: "cjs",
  supported: { "dynamic-import": false },
  sourcemap: "external",
  sourcesContent: false,
} as const;

export interface Bundle {
  /** The modules that went into it, as paths from here. */
  readonly modules: readonly string[];
  /** Its files (`index.cjs` is the handler's), with their sizes in bytes. */
  readonly files: ReadonlyMap<string, number>;
  /** The files that a start waits for, and the modules in them. */
  readonly first: { readonly files: readonly string[]; readonly modules: readonly string[] };
}

type Outputs = Metafile["outputs"];

/** The files that come with this one, and itself; `later`: those too that are loaded only when they are needed. */
function withIt(file: string, outputs: Outputs, later: boolean, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path, kind } of outputs[file]?.imports ?? [])
    if ((later || kind === "import-statement") && path in outputs) withIt(path, outputs, later, seen);
  return seen;
}

const modulesIn = (files: Iterable<string>, outputs: Outputs): readonly string[] =>
  [...files].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));

/**
 * A CommonJS package that is loaded later: to esbuild all that it exports is one value, and whoever loads it wants that
 * value's own names.
 */
const isWhole = (output: Outputs[string] | undefined): boolean =>
  output?.entryPoint?.startsWith("node_modules/") === true && output.exports.join() === "default";

interface Made {
  readonly code: string;
  readonly map: string;
}

/** Writes `FOLDER/index.cjs` with all that it needs beside it, and the maps for its stack traces. */
function write(folder: string, main: string, made: ReadonlyMap<string, Made>, outputs: Outputs): Bundle {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const nameOf = (file: string) => (file === main ? "index.cjs" : basename(file));
  const all = withIt(main, outputs, true);
  const first = withIt(main, outputs, false);
  const sizes = [...all].map((file) => {
    const { code, map } = made.get(file) ?? { code: "", map: "" };
    writeFileSync(join(folder, nameOf(file)), code);
    writeFileSync(join(folder, `${nameOf(file)}.map`), map);
    return [nameOf(file), Buffer.byteLength(code)] as const;
  });
  return {
    modules: modulesIn(all, outputs),
    files: new Map(sizes),
    first: { files: [...first].map(nameOf), modules: modulesIn(first, outputs) },
  };
}

/** A bundle of each of these entries (`{ slack: "functions/lambda/slack.ts" }`), in folders of their names. */
export async function bundleInto<Name extends string>(
  folder: string,
  entries: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, Bundle>>> {
  const { metafile, outputFiles } = await build({ ...SPLIT, entryPoints: entries, outdir: folder });
  const { outputs } = metafile;
  const transformed = outputFiles.map(async ({ path, text }) => {
    const file = relative(process.cwd(), path);
    const { code, map } = await transform(text, FINAL);
    return [
      file,
      { code: isWhole(outputs[file]) ? `${code}module.exports=module.exports.default;\n` : code, map },
    ] as const;
  });
  const made = new Map(await Promise.all(transformed));
  const bundles = Object.entries<string>(entries).map(([name, entry]) => {
    const main = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entry) ?? "";
    return [name, write(join(folder, name), main, made, outputs)];
  });
  return Object.fromEntries(bundles);
}

/** The bundles of all functions, each in `FOLDER/NAME/`. What several have in common is made once. */
export function bundle(folder: string = FOLDER): Promise<Readonly<Record<(typeof FUNCTIONS)[number], Bundle>>> {
  rmSync(folder, { recursive: true, force: true });
  const entries = FUNCTIONS.map((name) => [name, `functions/lambda/${name}.ts`] as const);
  return bundleInto(folder, Object.fromEntries(entries) as Record<(typeof FUNCTIONS)[number], string>);
}
