import { unreachable } from "../../functions/reach.ts";
import { openQueue } from "../../shared/adapters/queues.ts";
import { openStore } from "../../shared/adapters/stores.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { awsEnv } from "../support/servers.ts";

// Goal: a server that is away at the start is named by the variable that names it, with the reason and without a password, all
// of them at once.
const clock = systemClock();

async function said(storeUrl: string, queueUrl: string): Promise<readonly string[]> {
  Object.assign(process.env, awsEnv, {
    AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9",
    AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:9",
  });
  const store = openStore(storeUrl, () => clock.nowMs());
  const queue = openQueue(queueUrl, { clock, storeUrl });
  const problems = await unreachable({ store, queue });
  await Promise.all([store.close(), queue.close()]);
  return problems;
}
const end = "Start what it names, or correct it.";
const refused = "connect ECONNREFUSED 127.0.0.1:9";

test("nothing is said of what is there", async () => {
  expect(await said("memory:", "memory:")).toEqual([]);
});

test("a reason that is a sentence ends once", async () => {
  const [store, queue] = [openStore("memory:", clock.nowMs), openQueue("memory:", { clock })];
  await queue.close();
  expect(await unreachable({ store, queue })).toEqual([`KINVIRT_QUEUE: The queue is closed. ${end}`]);
  await store.close();
});

test.each([
  ["redis://user:hunter2@127.0.0.1:9", "redis://user:hunter2@127.0.0.1:9"],
  ["postgres://user:hunter2@127.0.0.1:9/kinvirt", "sqs://127.0.0.1:9/123456789012/work"],
  ["dynamodb://kinvirt", "redis://127.0.0.1:9"],
])("%s and %s", async (storeUrl, queueUrl) => {
  const problems = await said(storeUrl, queueUrl);
  expect(problems).toEqual([
    expect.stringMatching(/^KINVIRT_STORE: The store cannot answer: /),
    expect.stringMatching(/^KINVIRT_QUEUE: /),
  ]);
  for (const one of problems) {
    expect(one).toContain(refused);
    expect(one.endsWith(end)).toBe(true);
    expect(one).not.toContain("hunter2");
  }
});
