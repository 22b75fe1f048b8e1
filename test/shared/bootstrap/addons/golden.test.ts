import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  type Addon,
  type AddonInput,
  addons,
  imagesOf,
  type Manifest,
} from "../../../../shared/bootstrap/addons/index.ts";
import { addonOf, INPUT, nameOf, readable, VARIANTS } from "./input.ts";

// Goal: what a change of the code changes in a cluster is read in the review, in whole documents and only once.
// After a change that is meant: UPDATE_GOLDEN=1 npx jest golden
const DIRECTORY = join(import.meta.dirname, "golden");
const IMAGES_PAGE = "docs/images.md";

function expectFile(path: string, text: string): void {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
}

/** The input that shows an add-on whole; the default one, where it is not named. */
const SHOWN: Readonly<Record<string, string>> = {
  cilium: "cilium",
  "metadata-access": "cilium",
  kuryr: "kuryr",
  "cinder-csi": "rwo",
  "octavia-ingress-controller": "amphora",
};
const shown = (addon: string): AddonInput => VARIANTS[SHOWN[addon] ?? ""] ?? INPUT;
const everyAddon = [
  ...new Set(Object.values(VARIANTS).flatMap((input) => addons(input).map(({ name }) => name))),
].sort();

/** Definitions on a line each: they are alike but for their names. */
const document = (manifest: Manifest): string =>
  manifest.kind === "CustomResourceDefinition"
    ? `--- ${stringify(manifest, { collectionStyle: "flow", lineWidth: 0 })}`
    : `---\n${stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })}`;

/** Each value with where it is; texts by their lines. */
function leaves(value: unknown, path: string): string[] {
  if (typeof value === "string" && value.includes("\n")) {
    return value.split("\n").flatMap((line) => (line === "" ? [] : [`${path} | ${line}`]));
  }
  if (typeof value !== "object" || value === null) return [`${path} ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, Array.isArray(value) ? `${path}[]` : `${path}.${key}`),
  );
}

const said = (addon: Addon): string[] =>
  addon.manifests.map(readable).flatMap((manifest) => leaves(manifest, nameOf(manifest)));

/** What an add-on says otherwise than where it is shown whole. */
function changes(addon: Addon): string[] {
  const [before, after] = [said(addonOf(shown(addon.name), addon.name)), said(addon)];
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `  - ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `  + ${line}`),
  ];
}

test.each(everyAddon)("%s", (name) => {
  const { manifests, workloads } = addonOf(shown(name), name);
  const head = workloads.map(({ kind, namespace, name }) => `# waits for ${kind} ${namespace}/${name}\n`);
  expectFile(join(DIRECTORY, `${name}.yaml`), [...head, ...manifests.map(readable).map(document)].join(""));
});

test("the variants differ from those documents by this", () => {
  const sections = Object.entries(VARIANTS).map(([variant, input]) => {
    const list = addons(input);
    const order = list.map(({ name }) => name).join(", ");
    const changed = list.flatMap((addon) => {
      const lines = changes(addon);
      return lines.length === 0 ? [] : [`${addon.name}:`, ...lines];
    });
    return [`## ${variant}`, order, ...changed, ""].join("\n");
  });
  expectFile(join(DIRECTORY, "variants.txt"), sections.join("\n"));
});

test("no file is left of an add-on that is gone", () => {
  expect(readdirSync(DIRECTORY).sort()).toEqual([...everyAddon.map((name) => `${name}.yaml`), "variants.txt"]);
});

test("docs/images.md lists what a mirror must hold", () => {
  const rows = everyAddon.flatMap((name) => {
    const [newer, older] = [shown(name), { ...shown(name), version: "1.35" as const }].map((input) =>
      imagesOf(addonOf(input, name)),
    );
    return [...new Set([...(newer ?? []), ...(older ?? [])])].sort().map((image) => {
      const on = [...(older?.includes(image) ? ["1.35"] : []), ...(newer?.includes(image) ? ["1.36"] : [])];
      return `| ${name} | \`${image}\` | ${on.join(", ")} |`;
    });
  });
  const page = [
    "# Images of the starter kit",
    "",
    "What runs in a cluster beside Kubernetes' own images, which `kubeadm config images list` names. With a registry mirror",
    "configured, each is taken from `<mirror>/<path>:<tag>`: the mirror's name stands in the place of the registry's.",
    "`UPDATE_GOLDEN=1 npx jest golden` writes this page.",
    "",
    "| Add-on | Image | Kubernetes |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ];
  expectFile(IMAGES_PAGE, page.join("\n"));
});
