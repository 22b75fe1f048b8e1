import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { byHand } from "./by-hand.ts";
import { eventually } from "./eventually.ts";
import { type Office, office, type Seat } from "./page.ts";

// Goal: a developer's first cluster, an approver's morning and a night on call, each as a person lives it before the page.
// `SHOTS=FOLDER` keeps a picture of each moment worth looking at.

jest.setTimeout(240_000);

const PACE = 6;
const LOOK_SECONDS = 4;
const SHOTS = process.env["SHOTS"];
let place: Office;
let dana: Seat;
let avery: Seat;
let oli: Seat;

beforeAll(async () => {
  place = await office({ pace: PACE, lookSeconds: LOOK_SECONDS });
  [dana, avery, oli] = await Promise.all([
    place.seat("U0DEV"),
    place.seat("U0APPROVER"),
    place.seat("U0ONCALL", "C0ONCALL"),
  ]);
});
afterAll(() => place.close());

async function shot({ page }: Seat, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

describe("a developer's first cluster", () => {
  const form = () => dana.page.locator("dialog.modal");
  const field = (block: string) => form().locator(`[data-block="${block}"]`);

  test("a word and a size that are wrong are answered with what to type", async () => {
    await dana.type("/k8s craete dev");
    await dana.message("did you mean create").waitFor();
    await dana.type("/k8s create dev --rwx lots");
    await dana.message("is not a size: write 100G, 100Gi or 1Ti").waitFor();
    await shot(dana, "developer-wrong");
  });

  test("without words a form opens, which shows what it comes to and says at the field what is wrong", async () => {
    await dana.type("/k8s create");
    await form().waitFor();
    await field("name").locator("input").fill("dev");
    await field("rwx").locator("input").fill("100 apples");
    await form().getByRole("button", { name: "Ask for it" }).click();
    await field("rwx").getByText("is not a size").waitFor();
    await shot(dana, "developer-form-wrong");
    await field("rwx").locator("input").fill("100G");
    await field("rwx").locator("input").press("Enter");
    await form()
      .getByText(/It fits, for \d+\.\d\d EUR an hour/)
      .waitFor();
    await shot(dana, "developer-form");
    await form().getByRole("button", { name: "Ask for it" }).click();
    await form().waitFor({ state: "detached" });
    await dana.message("dev needs an approval").waitFor();
  });

  test("it is approved and comes, and the home tab knows it", async () => {
    await avery.message("dev needs an approval").getByRole("button", { name: "Approve" }).click();
    await dana.message(/dev is ready after/).waitFor({ timeout: 90_000 });
    await dana.page.locator("#app").getByText("kinvirt").click();
    const home = dana.page.locator("#home");
    await home.getByText("Your clusters: 1").waitFor();
    await home.getByText("ready").first().waitFor();
    await shot(dana, "developer-home");
    await dana.page.locator("#channels").getByText("team-a").click();
  });
});

describe("an approver's morning", () => {
  const NAMES = ["ada", "bob", "cid", "dot", "eve"];
  const asked = (name: string) => avery.message(`${name} needs an approval`);

  test("five requests are one list", async () => {
    // What is shared is what will have changed.
    for (const name of NAMES) {
      await dana.type(`/k8s create ${name}${name === "ada" ? " --rwx 1Ti" : ""} --workers 3`);
      await asked(name).waitFor();
    }
    await avery.type("/k8s requests");
    await avery.message("5 requests of team-a wait, 5 of them for you").waitFor();
    await shot(avery, "approver-requests");
  });

  test("one whose plan has changed is not approved as it was seen, and is shown anew", async () => {
    const { cloud } = place.made;
    cloud.quotas.set(cloud.project("team-a").id, "shared-file-system", "gigabytes", 1500);
    await asked("ada").getByRole("button", { name: "Approve" }).click();
    await avery.message("You approved ada").waitFor();
    await eventually(async () => expect(await asked("ada").innerText()).toContain("1500"));
    await shot(avery, "approver-stale");
    await asked("ada").getByRole("button", { name: "Deny" }).click();
    const form = avery.page.locator("dialog.modal");
    await form.locator("textarea, input").first().fill("Not while the quota is being changed");
    await form.getByRole("button", { name: "Deny" }).click();
    await avery.message("ada was denied").waitFor();
  });

  test("one is approved, one taken back, and the list gets shorter", async () => {
    await asked("bob").getByRole("button", { name: "Approve" }).click();
    await avery.message(/Creating bob|bob is under way/).waitFor();
    await dana.message("cid needs an approval").getByRole("button", { name: "Cancel" }).click();
    await avery.message("cid was cancelled").waitFor();
    await avery.type("/k8s requests");
    await avery.message("2 requests of team-a wait").waitFor();
    await shot(avery, "approver-done");
    for (const name of ["dot", "eve"]) {
      await dana.message(`${name} needs an approval`).getByRole("button", { name: "Cancel" }).click();
      await dana.message(`${name} was cancelled`).waitFor();
    }
    await dana.message(/bob is ready after/).waitFor({ timeout: 90_000 });
  });
});

describe("a night on call", () => {
  const alert = (words: string | RegExp) => oli.message(words);
  const flip = async (name: string) => {
    const panel = oli.page.locator("details.faults");
    if ((await panel.getAttribute("open")) === null) await panel.locator("summary").click();
    await panel.getByLabel(name).click();
  };
  const WORKER = /^dev-.*worker-1$/;
  const soon = { timeout: 60_000 };

  test("a dead member is told once, taken in hand, and over when it answers again", async () => {
    await flip("A control plane is unhealthy");
    const told = alert(/dev: .*behind its load balancer api/);
    await told.waitFor(soon);
    await shot(oli, "on-call-member");
    await told.getByRole("button", { name: "Acknowledge" }).click();
    await alert(/Oli has it in hand/).waitFor();
    await dana.type("/k8s lb dev");
    await dana.message(/control-plane-1/).waitFor();
    await shot(dana, "on-call-lb");
    await flip("A control plane is unhealthy");
    await alert(/dev: it is over after/).waitFor(soon);
  });

  test("a wrong record is told and put right by itself", async () => {
    await byHand(place.made).point(/^api\.dev\./, ["192.0.2.1"]);
    await alert(/points to 192\.0\.2\.1/).waitFor(soon);
    await alert(/dev: kinvirt has put it right after/).waitFor(soon);
    await dana.type("/k8s dns dev");
    await dana.message("DNS names of dev are right").waitFor();
    await shot(oli, "on-call-record");
  });

  test("a node that comes and goes is one message and its thread", async () => {
    const hand = byHand(place.made);
    const down = oli.messages().filter({ hasText: "server worker-1 does not run" });
    for (const times of ["", "2 times within an hour", "3 times within an hour"]) {
      await hand.power(WORKER, false);
      await down.filter({ hasText: "Acknowledge" }).filter({ hasText: times }).waitFor(soon);
      if (times.startsWith("3")) await shot(oli, "on-call-flapping");
      await hand.power(WORKER, true);
      await down.filter({ hasText: "It was:" }).waitFor(soon);
    }
    expect(await down.count()).toBe(1);
    await down.getByRole("button", { name: /repl/ }).click();
    await oli.page.locator("#thread-messages").getByText("3 times within an hour").last().waitFor();
  });
});

test("nothing complained meanwhile", () => {
  expect([dana, avery, oli].flatMap(({ complaints }) => complaints)).toEqual([]);
});
