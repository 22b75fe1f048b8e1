import { mkdirSync } from "node:fs";
import { office, type Seat } from "./page.ts";

/** `npm run pictures`: takes the README's pictures from the playground, so that they show what people will see. */
const FOLDER = "docs";

/** Of the page, because a message that is being edited never stands still for one of its own. */
async function take(seat: Seat, name: string, words: string | RegExp): Promise<void> {
  await seat.message(words).evaluate((shown) => shown.scrollIntoView({ block: "end" }));
  const clip = await seat.message(words).boundingBox();
  if (clip === null) throw new Error(`no message to take for ${name}`);
  await seat.page.screenshot({ path: `${FOLDER}/${name}.png`, clip });
}

/** It is drawn anew with each answer of the bot, and waited for until it stands still. */
async function takeForm(seat: Seat, name: string): Promise<void> {
  await seat.page.locator("dialog.modal").screenshot({ path: `${FOLDER}/${name}.png` });
}

mkdirSync(FOLDER, { recursive: true });
const place = await office();
// As little as a small team may have, so that there is something to refuse.
place.made.cloud.quotas.set(place.made.cloud.project("team-a").id, "compute", "cores", 40);
place.made.cloud.quotas.set(place.made.cloud.project("team-a").id, "shared-file-system", "gigabytes", 1000);
// Tall enough for the longest message: a picture of a part would need explaining.
const TALL = { width: 1360, height: 1200 };
const PAGE = { width: 1360, height: 860 };

async function asked(seat: Seat): Promise<void> {
  await seat.page.setViewportSize(TALL);
  await seat.type("/k8s help");
  await seat.message("/k8s create").waitFor();
  await seat.page.setViewportSize({ ...TALL, height: 2400 });
  await take(seat, "help", "/k8s create");
  await seat.page.setViewportSize(TALL);
  await seat.type("/k8s create");
  const form = seat.page.locator("dialog.modal");
  await form.locator('[data-block="name"] input').fill("dev");
  await form.locator('[data-block="rwx"] input').fill("100G");
  await form.locator('[data-block="rwx"] input').press("Enter");
  await form.getByText("It fits").waitFor();
  await takeForm(seat, "form");
  await form.getByRole("button", { name: "Cancel" }).click();
  await seat.type("/k8s create dev --rwx 100G");
  await seat.message("dev needs an approval").waitFor();
  await take(seat, "approval", "dev needs an approval");
  await seat.become("Avery");
  await seat.type("/k8s requests");
  await seat.message("1 request of team-a waits").waitFor();
  await take(seat, "requests", "1 request of team-a waits");
}

async function made(seat: Seat): Promise<void> {
  await seat.message("dev needs an approval").getByRole("button", { name: "Approve" }).click();
  await seat.message(/Creating dev/).waitFor();
  await seat.page.locator("#cloud-rows .row-kind").nth(12).waitFor();
  await seat.page.setViewportSize(PAGE);
  await seat.page.screenshot({ path: `${FOLDER}/page.png` });
  await seat.page.setViewportSize(TALL);
  // Halfway there: the cloud has done its part, its machines are becoming nodes.
  await seat.message(/Add-ons [1-9] of/).waitFor({ timeout: 60_000 });
  await take(seat, "creating", /Creating dev/);
  await seat.message(/dev is ready after/).waitFor({ timeout: 120_000 });
  await take(seat, "ready", /dev is ready after/);
}

const QUESTIONS = [
  ["lb", "/k8s lb dev", "TCP 6443"],
  ["dns", "/k8s dns dev", "DNS names of dev are right"],
  ["nodes", "/k8s nodes dev", /nodes of dev are Ready/],
  ["storage", "/k8s storage dev", "Room in the project"],
  ["kms", "/k8s kms dev", "logins of dev are as they should be"],
  ["events", "/k8s events dev", "Steps, the latest first"],
  ["quota", "/k8s quota", "What still fits"],
  ["doctor", "/k8s doctor", /things? green/],
  ["list", "/k8s list", /team-a has \d+ cluster/],
  ["audit", "/k8s audit dev", "records of the audit log"],
  ["status", "/k8s status dev", "dev is well, as the cloud says now"],
] as const;

async function questions(seat: Seat): Promise<void> {
  await seat.become("Oli");
  for (const [name, line, words] of QUESTIONS) {
    await seat.type(line);
    await seat.message(words).waitFor();
    await seat.page.setViewportSize({ ...TALL, height: 1700 });
    await take(seat, name, words);
  }
  await seat.page.setViewportSize(TALL);
}

async function home(seat: Seat): Promise<void> {
  await seat.become("Dana");
  await seat.page.locator("#app").getByText("kinvirt").click();
  await seat.page.locator("#home").getByText("Your clusters: 1").waitFor();
  await seat.page.setViewportSize(PAGE);
  await seat.page.screenshot({ path: `${FOLDER}/home.png` });
  await seat.page.setViewportSize(TALL);
  await seat.page.locator("#channels").getByText("team-a").click();
}

async function last(seat: Seat): Promise<void> {
  for (const [name, line, words] of [
    ["kubeconfig", "/k8s kubeconfig dev --role admin", "A kubeconfig for dev"],
    ["delete", "/k8s delete dev", /Delete dev\?/],
    ["refused", "/k8s create huge --workers 10 --control-plane 7 --rwx 2Ti", /can't be created/],
  ] as const) {
    await seat.type(line);
    await seat.message(words).waitFor();
    await take(seat, name, words);
  }
}

/** What those on call are told by themselves. */
async function alert(): Promise<void> {
  const seat = await place.seat("U0ONCALL", "C0ONCALL");
  const faults = seat.page.locator("details.faults");
  await faults.locator("summary").click();
  await faults.getByLabel("A control plane is unhealthy").click();
  await seat.message(/behind its load balancer api/).waitFor({ timeout: 180_000 });
  await take(seat, "alert", /behind its load balancer api/);
}

try {
  const seat = await place.seat("U0DEV");
  await asked(seat);
  await made(seat);
  await questions(seat);
  await home(seat);
  await last(seat);
  await alert();
} finally {
  await place.close();
}
