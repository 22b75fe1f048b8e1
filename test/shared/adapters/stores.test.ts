import { openQueue } from "../../../shared/adapters/queues.ts";
import { isOnOneMachine, openStore } from "../../../shared/adapters/stores.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";

// Goal: a URL names the store and the queue that it seems to name, or is refused with what there is and without its password.
const clock = systemClock();

test.each([
  ["redis://localhost:6379", false],
  ["rediss://user:hunter2@localhost:6379", false],
  ["postgres://localhost/kinvirt", false],
  ["postgresql://user:hunter2@localhost/kinvirt", false],
  ["dynamodb://kinvirt", false],
  ["memory:", true],
  ["sqlite://:memory:", true],
])("%s is a store, all of it on this machine: %s", async (url, here) => {
  await openStore(url, clock.nowMs).close();
  expect(isOnOneMachine(url)).toBe(here);
});

const STORES = "sqlite://PATH, redis://HOST:PORT, postgres://HOST/DATABASE, dynamodb://TABLE or memory:";

test.each([
  ["mysql://user:hunter2@localhost", `KINVIRT_STORE is "mysql:…", which is not supported. Use ${STORES}`],
  ["hunter2", `KINVIRT_STORE is not supported. Use ${STORES}`],
  ["dynamodb://a/hunter2", `KINVIRT_STORE is "dynamodb:…", which is not supported. Use ${STORES}`],
  ["redis:", `KINVIRT_STORE is "redis:…", which is not supported. Use ${STORES}`],
])("%s is no store", (url, said) => {
  expect(() => openStore(url, clock.nowMs)).toThrow(new Error(said));
});

test("a queue in SQS or Redis, and none with a password in SQS's place", async () => {
  for (const url of [
    "sqs://sqs.eu-central-1.amazonaws.com/123456789012/work",
    "redis://localhost",
    "rediss://localhost",
  ])
    await openQueue(url, { clock }).close();
  for (const url of ["sqs://user:hunter2@host/1/work", "sqs://host/work", "amqp://hunter2"])
    expect(() => openQueue(url, { clock })).toThrow(
      /^KINVIRT_QUEUE is "(sqs|amqp):…", which is not supported\. Use sqlite:PATH, /,
    );
});
