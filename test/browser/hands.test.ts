import { eventually } from "./eventually.ts";
import { type Office, office, type Seat } from "./page.ts";

// Goal: everything on the page can be done with the keyboard, sees only what is its own, and says what to type.

jest.setTimeout(60_000);

let place: Office;
let seat: Seat;

beforeAll(async () => {
  place = await office();
  seat = await place.seat("U0DEV");
});
afterAll(() => place.close());

test("commands complete, and the last one comes back with the arrow key", async () => {
  const { page } = seat;
  await page.locator("#compose").focus();
  await page.keyboard.type("/k8s cr");
  const option = page.locator("#compose-list [role=option]").filter({ hasText: "create" });
  await eventually(async () =>
    expect(await option.locator("code").innerText()).toMatch(/^\/k8s create NAME \[--rwx SIZE\]/),
  );
  await page.keyboard.press("Tab");
  await eventually(async () => expect(await page.locator("#compose").inputValue()).toBe("/k8s create "));
  await page.locator("#compose").fill("/k8s li");
  await page.keyboard.press("Enter");
  await eventually(async () => expect(await page.locator("#compose").inputValue()).toBe("/k8s list"));
  await page.locator("#compose").fill("/k8s list");
  await page.keyboard.press("Enter");
  await seat.message("has no clusters").waitFor();
  await page.keyboard.press("ArrowUp");
  await eventually(async () => expect(await page.locator("#compose").inputValue()).toBe("/k8s list"));
});

test.each([
  ["/k8s creat dev", /did you mean create/],
  ["/k8s create dev —rwx 100", /100 is not a size/],
  ["/k8s create Dev", /can't be a cluster's name/],
  ["/k8s create dev --rwx", /needs a value after it/],
  ["/k8s create dev --wokers 2", /did you mean --workers/],
  ["/k8s status nothing", /has no cluster nothing/],
])("%s is answered by what to type", async (line, answer) => {
  await seat.type(line);
  await seat.message(answer).waitFor();
});

test("a deny asks for its reason in a modal, by keyboard alone, and the requester reads it", async () => {
  const { page } = seat;
  await seat.type("/k8s create big --workers 5");
  await seat.message("big needs an approval").waitFor();
  await seat.become("Avery");
  await seat.message("big needs an approval").getByRole("button", { name: "Deny" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog.modal[open]");
  await dialog.waitFor();
  await dialog.locator("button[type=submit]").focus();
  await page.keyboard.press("Enter");
  await dialog.getByText("required").waitFor();
  await dialog.locator("textarea, input").first().focus();
  await page.keyboard.type("five is too many <b>& more</b>");
  await dialog.locator("button[type=submit]").focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  const denied = seat.message("big was denied by @Avery");
  await denied.waitFor();
  await eventually(async () => expect(await denied.innerText()).toContain("five is too many <b>& more</b>"));
});

test("what is said to one person is not seen by another", async () => {
  const other = await place.seat("U0DEVTWO");
  await seat.become("Dana");
  await seat.type("/k8s help");
  await seat.message("gives teams Kubernetes clusters").waitFor();
  expect(await other.messages().filter({ hasText: "gives teams Kubernetes clusters" }).count()).toBe(0);
  expect(other.complaints).toEqual([]);
});

test("a stranger's channel is told how to be connected", async () => {
  const other = await place.seat("U0DEV", "C0ONCALL");
  await other.type("/k8s list");
  await other.message("is not connected to an OpenStack project").waitFor();
});

test("what is broken can be seen while the switches are folded away", async () => {
  const { page } = seat;
  const faults = page.locator(".faults");
  const nova = faults.getByRole("switch", { name: "Nova is down" });
  await eventually(async () => expect(await nova.isVisible()).toBe(false));
  await faults.locator("summary").focus();
  await page.keyboard.press("Enter");
  await nova.focus();
  await page.keyboard.press("Space");
  await faults.getByText("1 on").waitFor();
  await faults.locator("summary").click();
  await eventually(async () => expect(await nova.isVisible()).toBe(false));
  await eventually(async () => expect(await faults.locator("summary").innerText()).toBe("Break something 1 on"));
  await faults.locator("summary").click();
  await nova.click();
  await faults.getByText("1 on").waitFor({ state: "hidden" });
});

test("nothing complained meanwhile", () => {
  expect(seat.complaints).toEqual([]);
});
