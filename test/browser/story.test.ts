import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectl, withKubectl } from "../support/kubectl.ts";
import { eventually } from "./eventually.ts";
import { type Office, office, type Seat } from "./page.ts";

// Goal: what the first page of the README tells works for a person in a browser, from the first word to an empty cloud.

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "kinvirt-story-"));
const login = join(folder, "dev.kubeconfig");
let place: Office;
let seat: Seat;

beforeAll(async () => {
  place = await office();
  seat = await place.seat("U0DEV");
});
afterAll(async () => {
  await place.close();
  rmSync(folder, { recursive: true });
});

const rows = () => seat.page.locator("#cloud-rows .row");

test("a developer asks, an approver approves, and a cluster appears beside the conversation", async () => {
  await seat.type("/k8s create dev --rwx 100G");
  await seat.message("Planning to create dev").waitFor();
  const asked = seat.message("dev needs an approval");
  await asked.waitFor();
  await eventually(async () => expect(await asked.innerText()).toContain("94 GiB"));
  // The person who asks can't approve; the refusal is for their eyes only.
  await asked.getByRole("button", { name: "Approve" }).click();
  await seat.message("somebody else has to decide").waitFor();
  await seat.become("Avery");
  await seat.message("somebody else has to decide").waitFor({ state: "detached" });
  await seat.message("dev needs an approval").getByRole("button", { name: "Approve" }).click();
  await seat.message(/Creating dev/).waitFor();
  await seat.message(/dev is ready after/).waitFor({ timeout: 60_000 });
  const kinds = await seat.page.locator("#cloud-rows .row-kind").allInnerTexts();
  expect(kinds.filter((kind) => kind === "server")).toHaveLength(3);
  expect(kinds.filter((kind) => kind === "load balancer")).toHaveLength(1);
  await eventually(async () =>
    expect(await seat.page.locator("#cloud-count").innerText()).toBe(String(await rows().count())),
  );
});

test("the end is told in the thread, with a mention", async () => {
  const live = seat.message(/dev is ready after/);
  await live.getByRole("button", { name: /repl/ }).click();
  const thread = seat.page.locator("#thread-messages");
  await thread.getByText("is ready").last().waitFor();
  await eventually(async () => expect(await thread.innerText()).toContain("@Dana dev is ready"));
  await seat.page.keyboard.press("Escape");
  await eventually(async () => expect(await seat.page.locator("#thread").isHidden()).toBe(true));
});

test("on-call sees the truth about load balancers and names", async () => {
  await seat.become("Oli");
  await seat.type("/k8s lb dev");
  await seat.message("TCP 6443").waitFor();
  await seat.type("/k8s dns dev");
  await seat.message("DNS names of dev are right").waitFor();
  await eventually(async () =>
    expect(await seat.message("DNS names of dev are right").innerText()).toContain("*.apps.dev.k8s.example.org"),
  );
});

test("a kubeconfig comes by a link that works once", async () => {
  await seat.become("Dana");
  await seat.type("/k8s kubeconfig dev --role admin");
  const opened = seat.page.context().waitForEvent("page");
  await seat.message("A kubeconfig for dev").getByRole("link").click();
  const page = await opened;
  await page.getByText("with the role admin").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download it once" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("dev.kubeconfig");
  await file.saveAs(login);
  expect(readFileSync(login, "utf8")).toContain("client-certificate-data: ");
  await page.reload();
  await page.getByRole("heading", { name: "This link is over" }).waitFor();
  await page.close();
});

withKubectl("that file is a working cluster's: nodes, storage for many, and addresses from the cloud", async () => {
  expect(await kubectl(login, "get nodes --no-headers")).toMatch(/^(dev-\S+ +Ready +\S+ +\S+ +v1\.36\.\d+\n){3}$/);
  expect(await kubectl(login, "get storageclass --no-headers")).toMatch(/\(default\) +\S*manila\.csi\.openstack\.org /);
  expect(await kubectl(login, "get pv --no-headers")).toMatch(
    /^kinvirt-shared +94Gi +RWX +Retain +Bound +default\/kinvirt-shared /,
  );
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }], selector: { app: "web" } };
  writeFileSync(
    join(folder, "web.json"),
    JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec }),
  );
  expect(await kubectl(login, "apply -f web.json")).toBe("service/web created\n");
  expect(await kubectl(login, "create service loadbalancer shop --tcp=80")).toBe("service/shop created\n");
  const address = "{.status.loadBalancer.ingress[0].ip}";
  expect(await kubectl(login, `wait service/web service/shop --for=jsonpath=${address} --timeout=50s`)).toBe(
    "service/web condition met\nservice/shop condition met\n",
  );
  const ip = await kubectl(login, `get service web -o jsonpath=${address}`);
  await rows().filter({ hasText: ip }).first().waitFor();
  for (const name of ["web", "shop"])
    await rows()
      .filter({ hasText: `_default_${name}` })
      .first()
      .waitFor();
});

test("a delete asks once and leaves an empty project", async () => {
  await seat.become("Dana");
  await seat.type("/k8s delete dev");
  await seat.message("Delete dev? This can't be undone").getByRole("button", { name: "Delete dev" }).click();
  await seat.message(/dev is deleted after .*0 resources left/).waitFor({ timeout: 60_000 });
  await rows().first().waitFor({ state: "detached" });
  await eventually(async () => expect(await seat.page.locator("#cloud-empty").isVisible()).toBe(true));
});

test("nothing complained meanwhile", () => {
  expect(seat.complaints).toEqual([]);
});
