import * as z from "zod";
import { sweep } from "../../handlers/work/sweep.ts";
import { kubernetesApi } from "../../shared/kubernetes/api.ts";
import { type Town, town } from "../support/town.ts";

// Goal: the logins of a cluster's programs are made anew before they end, what uses them gets the new ones, and the old ones go.
jest.setTimeout(120_000);
const DAY_MS = 86_400_000;
const ME = ["U0DEV", "C0TEAMB"] as const;

let at: Town;

const logins = (): readonly string[] =>
  at
    .things("team-b")
    .flatMap((one) => /^application-credential dev-k\w+-credential-(\S+)$/.exec(one)?.[1] ?? [])
    .sort();
const record = () => at.record("team-b/dev");
const told = async () => (await record())?.status.told === true;

beforeAll(async () => {
  at = await town({ boots: true });
  await at.type("create dev --workers 1 --rwx 20Gi", ...ME);
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"), "U0APPROVER", "C0TEAMB");
  await at.until(told);
});
afterAll(() => at.close());

/** The cloud.conf that the cloud controller manager reads. */
async function inUse(): Promise<string> {
  const { status } = (await record()) ?? {};
  const address = status?.steps["floating-ip/api"]?.facts["address"] ?? "";
  const line = await at.deps.kubernetes.connect(`${(await record())?.id} ${address}`, async () => {
    throw new Error("it is connected already");
  });
  const secret = z.object({ data: z.record(z.string(), z.string()) });
  const ref = { apiVersion: "v1", kind: "Secret", namespace: "kube-system", name: "cloud-config" };
  const found = await kubernetesApi(line).get(ref, secret);
  return Buffer.from(found?.data["cloud.conf"] ?? "", "base64").toString();
}

const idOf = (name: string): string =>
  at.sandbox.everything("team-b").find((one) => one.name.endsWith(`-credential-${name}`))?.id ?? "nobody";

test("new logins take the place of the old ones where they are used, and the old ones are gone", async () => {
  expect(logins()).toEqual(["controllers", "kms", "storage"]);
  expect(await inUse()).toContain(idOf("controllers"));
  const kms = idOf("kms");
  await at.type("renew dev", ...ME);
  expect((await record())?.status.phase).toBe("creating");
  await at.until(told);
  expect(logins()).toEqual(["controllers-2", "kms", "storage-2"]);
  expect(await inUse()).toContain(idOf("controllers-2"));
  expect(idOf("kms")).toBe(kms);
  expect(at.shown()).toContain("have new logins, and the old ones are gone");
  expect(Object.keys((await record())?.status.steps ?? {})).toContain("secret/controllers-2");
});

test("it happens by itself a month before they end, and not earlier", async () => {
  await at.clock.wait(330 * DAY_MS);
  await sweep(at.deps);
  expect((await record())?.status.phase).toBe("ready");
  await at.clock.wait(6 * DAY_MS);
  await sweep(at.deps);
  expect((await record())?.renewals?.count).toBe(2);
  await at.until(told);
  expect(logins()).toEqual(["controllers-3", "kms", "storage-3"]);
});

test("it is not for everybody, and not for a cluster that is not ready", async () => {
  await at.type("renew dev", "U0OPS", "C0TEAMB");
  expect(JSON.stringify(at.answers.at(-1))).toContain("is for whoever asked for it, <@U0APPROVER> and <@U0SECOND>");
  await at.type("renew nobody", ...ME);
  expect(JSON.stringify(at.answers.at(-1))).toContain("nobody");
});

test("a delete takes the newest along, and nothing is left of any", async () => {
  await at.type("delete dev", ...ME);
  await at.click("delete:confirm", at.button("delete:confirm"), ...ME);
  await at.until(async () => (await record()) === undefined);
  expect(at.things("team-b").filter((one) => one.includes("dev-"))).toEqual([]);
});
