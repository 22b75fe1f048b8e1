import { eventually } from "./eventually.ts";
import { type Office, office, type Seat } from "./page.ts";

// Goal: a cluster can be asked for and decided on without typing a command: by the form and the home tab, in a browser.

jest.setTimeout(90_000);

let place: Office;
let seat: Seat;

beforeAll(async () => {
  place = await office();
  seat = await place.seat("U0DEV");
});
afterAll(() => place.close());

const dialog = () => seat.page.locator("dialog.modal[open]");
const block = (key: string) => dialog().locator(`[data-block=${key}]`);
const home = () => seat.page.locator("#home");
const openHome = () => seat.page.locator("#app button").click();

test("plan and price follow what is chosen, and what was typed stays where it was", async () => {
  await seat.type("/k8s create");
  await dialog().getByText("It fits").waitFor();
  await block("name").locator("input").fill("dev");
  await block("rwx").locator("input").fill("100G");
  await block("template").locator("select").selectOption("ha");
  await dialog().locator("li").filter({ hasText: "6 servers: 3 × m1.medium, 3 × m1.large" }).waitFor();
  expect(await block("name").locator("input").inputValue()).toBe("dev");
  await block("workers").locator("input").fill("4");
  await seat.page.keyboard.press("Enter");
  await dialog().locator("li").filter({ hasText: "7 servers: 3 × m1.medium, 4 × m1.large" }).waitFor();
  // The field that the person was in is the one they are in.
  await eventually(async () =>
    expect(
      await block("workers")
        .locator("input")
        .evaluate((field) => field === field.ownerDocument.activeElement),
    ).toBe(true),
  );
  expect(await block("rwx").locator("input").inputValue()).toBe("100G");
});

test("what is wrong is said below its field, and nothing is lost", async () => {
  await block("rwx").locator("input").fill("100");
  await dialog().getByRole("button", { name: "Ask for it" }).click();
  await block("rwx").getByText("100 is not a size: write 100G, 100Gi or 1Ti.").waitFor();
  expect(await block("name").locator("input").inputValue()).toBe("dev");
  await block("rwx").locator("input").fill("100G");
});

test("a form that was closed opens again as it was, and asks for the cluster", async () => {
  await dialog().getByRole("button", { name: "Show plan and price" }).click();
  await eventually(async () => expect(await dialog().locator("[aria-busy=true]").count()).toBe(0));
  await dialog().getByRole("button", { name: "Cancel" }).click();
  const closed = seat.message("The form was closed");
  await closed.getByText("/k8s create dev --rwx 100G --workers 4 --template ha").waitFor();
  await closed.getByRole("button", { name: "Open the form again" }).click();
  await dialog().locator("li").filter({ hasText: "7 servers" }).waitFor();
  await dialog().getByRole("button", { name: "Ask for it" }).click();
  await dialog().waitFor({ state: "detached" });
  await seat.message("dev needs an approval").waitFor();
});

test("the home tab shows the request, its approver decides there, and it follows the cluster", async () => {
  await openHome();
  await home().getByText("You asked for: 1").waitFor();
  await seat.become("Avery");
  await home().getByText("once you have typed").waitFor();
  await seat.page.locator("#channels button").first().click();
  await seat.type("/k8s list");
  await seat.message("has 1 cluster").waitFor();
  await openHome();
  await home().getByRole("button", { name: "See the plan" }).click();
  await dialog().locator("li").filter({ hasText: "7 servers" }).waitFor();
  await dialog().getByRole("button", { name: "Approve" }).click();
  await dialog().getByText("You approved dev").waitFor();
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await seat.become("Dana");
  await home().getByText("being created").first().waitFor();
  await home().getByRole("button", { name: "Details" }).click();
  await dialog().getByText("dev", { exact: true }).first().waitFor();
  await seat.page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
});

test("nothing complained meanwhile", () => {
  expect(seat.complaints).toEqual([]);
});
