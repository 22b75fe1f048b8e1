import { eventually } from "./eventually.ts";
import { type Office, office, type Seat } from "./page.ts";

// Goal: what the first page of the README tells works for a person in a browser, from the first word to an empty cloud.

jest.setTimeout(120_000);

let place: Office;
let seat: Seat;

beforeAll(async () => {
  place = await office();
  seat = await place.seat("U0DEV");
});
afterAll(() => place.close());

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
