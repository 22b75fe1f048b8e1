import { dnsFindings } from "../../handlers/views/on-call/dns-findings.ts";
import { keyFindings } from "../../handlers/views/on-call/kms.ts";
import { lbFindings } from "../../handlers/views/on-call/lb-findings.ts";
import { nodeFindings } from "../../handlers/views/on-call/nodes.ts";
import { storageFindings } from "../../handlers/views/on-call/storage.ts";
import { namesOf } from "../../handlers/work/answers/dns.ts";
import { keysOf } from "../../handlers/work/answers/kms.ts";
import { lbsOf } from "../../handlers/work/answers/lb.ts";
import { nodesOf } from "../../handlers/work/answers/nodes.ts";
import { storageOf } from "../../handlers/work/answers/storage.ts";
import { type Town, town } from "../support/town.ts";

// Goal: whoever asks while a cluster is created or deleted, at whatever moment, is called to nothing: what comes is on its way,
// and what goes is not missed.
jest.setTimeout(60_000);

/** Of so many moments one is looked at. */
const EVERY = 2;

let at: Town;
afterEach(() => at.close());

async function wrong(): Promise<readonly string[]> {
  const record = await at.record("team-a/dev");
  if (record?.resolved === undefined) return [];
  const found = [
    ...nodeFindings(await nodesOf(record, at.deps)),
    ...lbFindings(await lbsOf(record, at.deps)),
    ...storageFindings(await storageOf(record, at.deps)),
    ...keyFindings(await keysOf(record, at.deps)),
    ...dnsFindings(await namesOf(record, at.deps)),
  ];
  return found.flatMap(({ grade, of, says }) => (grade === "bad" ? [`${record.status.phase} ${of}: ${says}`] : []));
}

test("a create, a ready cluster and a delete call nobody", async () => {
  at = await town({ boots: true });
  const alarms = new Set<string>();
  let moments = 0;
  const until = (enough: () => Promise<boolean>) =>
    at.until(async () => {
      moments += 1;
      if (moments % EVERY === 0) for (const one of await wrong()) alarms.add(one);
      return enough();
    });
  await at.type("create dev --template ha --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await until(async () => (await at.record("team-a/dev"))?.status.phase === "ready");
  expect([...alarms]).toEqual([]);
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await until(async () => (await at.record("team-a/dev")) === undefined);
  expect([...alarms]).toEqual([]);
});
