import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudFiles } from "../../../shared/adapters/cloud-files.ts";

// Goal: the files are found where the OpenStack CLI finds them, and one that can't be read is never taken for none.
let root = "";
const at = (name: string) => join(root, name);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kinvirt-clouds-"));
  for (const name of ["cwd", "home", "etc"]) mkdirSync(at(name));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (...names: readonly string[]) => {
  for (const name of names) writeFileSync(at(name), name);
};
const find = (env: Record<string, string> = {}) => cloudFiles(env, [at("cwd"), at("home"), at("etc")]);

test.each<[readonly string[], Record<string, string>, string | undefined, string | undefined]>([
  [[], {}, undefined, undefined],
  [["etc/clouds.yaml"], {}, "etc/clouds.yaml", undefined],
  [["etc/clouds.yaml", "home/clouds.yaml", "home/secure.yaml"], {}, "home/clouds.yaml", "home/secure.yaml"],
  [["home/clouds.yaml", "cwd/clouds.yml", "etc/secure.yaml"], {}, "cwd/clouds.yml", "etc/secure.yaml"],
  [["cwd/clouds.json", "cwd/clouds.yml", "cwd/clouds.yaml"], {}, "cwd/clouds.yaml", undefined],
  [["cwd/clouds.yaml", "mine.yaml", "secure.yaml"], { OS_CLIENT_CONFIG_FILE: "mine.yaml" }, "mine.yaml", "secure.yaml"],
  [["cwd/clouds.yaml", "s.yaml"], { OS_CLIENT_SECURE_FILE: "s.yaml" }, "cwd/clouds.yaml", "s.yaml"],
])("of %j with %j", (names, env, clouds, secure) => {
  write(...names);
  const absolute = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, at(value)]));
  const found = find(absolute);
  expect(found.clouds).toEqual(clouds && { path: at(clouds), text: clouds });
  expect(found.secure).toEqual(secure && { path: at(secure), text: secure });
});

test("profiles are beside the clouds, and JSON is YAML too", () => {
  write("home/clouds.json", "home/clouds-public.yaml", "etc/clouds-public.yaml");
  const { clouds, profiles } = find();
  expect([clouds?.path, profiles?.path]).toEqual([at("home/clouds.json"), at("home/clouds-public.yaml")]);
});

test("a named file that is not there is an error", () => {
  expect(() => find({ OS_CLIENT_CONFIG_FILE: at("none") })).toThrow(`OS_CLIENT_CONFIG_FILE names ${at("none")}, which`);
});

test("a file that can't be read is an error", () => {
  mkdirSync(at("cwd/clouds.yaml"));
  expect(() => find()).toThrow("can't be read (EISDIR)");
});

test("a file that leads round in a circle is an error, and a folder that is none has no file", () => {
  symlinkSync(at("home/secure.yaml"), at("home/secure.yaml"));
  expect(() => find()).toThrow(`${at("home/secure.yaml")} can't be read (ELOOP): check its permissions.`);
  write("file");
  expect(cloudFiles({}, [at("file")])).toEqual({});
});
