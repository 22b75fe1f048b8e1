import { mkdirSync } from "node:fs";
import { office, type Seat } from "./page.ts";

/** `npm run pictures`: takes the README's pictures from the playground, so that they show what people will see. */
const FOLDER = "docs";

const take = (seat: Seat, name: string, words: string | RegExp) =>
  seat.message(words).screenshot({ path: `${FOLDER}/${name}.png` });

mkdirSync(FOLDER, { recursive: true });
const place = await office();
try {
  const seat = await place.seat("U0DEV");
  await seat.type("/k8s help");
  await seat.message("/k8s create").waitFor();
  await take(seat, "help", "/k8s create");
  await seat.type("/k8s create dev --rwx 100G");
  await seat.message("dev needs an approval").waitFor();
  await take(seat, "approval", "dev needs an approval");
  await seat.become("Avery");
  await seat.message("dev needs an approval").getByRole("button", { name: "Approve" }).click();
  await seat.message(/Creating dev/).waitFor();
  // Halfway there: some steps are done, some run, some wait.
  await seat.page.locator("#cloud-rows .row-kind").nth(12).waitFor();
  await take(seat, "creating", /Creating dev/);
  await seat.page.screenshot({ path: `${FOLDER}/page.png` });
  await seat.message(/dev is ready after/).waitFor({ timeout: 120_000 });
  await take(seat, "ready", /dev is ready after/);
  await seat.become("Oli");
  for (const [name, line, words] of [
    ["lb", "/k8s lb dev", "TCP 6443"],
    ["dns", "/k8s dns dev", "DNS names of dev"],
    ["list", "/k8s list", "clusters of team-a"],
    ["status", "/k8s status dev", "asked for by"],
  ] as const) {
    await seat.type(line);
    await seat.message(words).waitFor();
    await take(seat, name, words);
  }
  await seat.become("Dana");
  await seat.type("/k8s delete dev");
  await seat.message("This can't be undone").waitFor();
  await take(seat, "delete", "This can't be undone");
} finally {
  await place.close();
}
