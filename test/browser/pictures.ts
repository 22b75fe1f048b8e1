import { mkdirSync } from "node:fs";
import { office, type Seat } from "./page.ts";

/** `npm run pictures`: takes the README's pictures from the playground, so that they show what people will see. */
const FOLDER = "docs";

/** Of the page, because a message that is being edited never stands still for one of its own. */
async function take(seat: Seat, name: string, words: string | RegExp): Promise<void> {
  const clip = await seat.message(words).boundingBox();
  if (clip === null) throw new Error(`no message to take for ${name}`);
  await seat.page.screenshot({ path: `${FOLDER}/${name}.png`, clip });
}

mkdirSync(FOLDER, { recursive: true });
const place = await office();
// As little as a small team may have, so that there is something to refuse.
place.made.cloud.quotas.set(place.made.cloud.project("team-a").id, "compute", "cores", 40);
place.made.cloud.quotas.set(place.made.cloud.project("team-a").id, "shared-file-system", "gigabytes", 1000);
try {
  const seat = await place.seat("U0DEV");
  // Tall enough for the longest message: a picture of a part would need explaining.
  const tall = { width: 1360, height: 1200 };
  const page = { width: 1360, height: 860 };
  await seat.page.setViewportSize(tall);
  await seat.type("/k8s help");
  await seat.message("/k8s create").waitFor();
  await take(seat, "help", "/k8s create");
  await seat.type("/k8s create dev --rwx 100G");
  await seat.message("dev needs an approval").waitFor();
  await take(seat, "approval", "dev needs an approval");
  await seat.become("Avery");
  await seat.message("dev needs an approval").getByRole("button", { name: "Approve" }).click();
  await seat.message(/Creating dev/).waitFor();
  await seat.page.locator("#cloud-rows .row-kind").nth(12).waitFor();
  await seat.page.setViewportSize(page);
  await seat.page.screenshot({ path: `${FOLDER}/page.png` });
  await seat.page.setViewportSize(tall);
  // Halfway there: the cloud has done its part, its machines are becoming nodes.
  await seat.message(/Add-ons [1-9] of/).waitFor({ timeout: 60_000 });
  await take(seat, "creating", /Creating dev/);
  await seat.message(/dev is ready after/).waitFor({ timeout: 120_000 });
  await take(seat, "ready", /dev is ready after/);
  await seat.become("Oli");
  for (const [name, line, words] of [
    ["lb", "/k8s lb dev", "TCP 6443"],
    ["dns", "/k8s dns dev", "DNS names of dev"],
    ["list", "/k8s list", /team-a has \d+ cluster/],
    ["status", "/k8s status dev", "asked for by"],
  ] as const) {
    await seat.type(line);
    await seat.message(words).waitFor();
    await seat.page.setViewportSize({ ...tall, height: name === "status" ? 1500 : tall.height });
    await take(seat, name, words);
  }
  await seat.become("Dana");
  await seat.type("/k8s kubeconfig dev --role admin");
  await seat.message("A kubeconfig for dev").waitFor();
  await take(seat, "kubeconfig", "A kubeconfig for dev");
  await seat.type("/k8s delete dev");
  await seat.message(/Delete dev\?/).waitFor();
  await take(seat, "delete", /Delete dev\?/);
  await seat.type("/k8s create huge --workers 10 --control-plane 7 --rwx 2Ti");
  await seat.message(/can't be created/).waitFor();
  await take(seat, "refused", /can't be created/);
} finally {
  await place.close();
}
