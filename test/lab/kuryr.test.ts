import { type Place, place } from "./place.ts";

// Goal: on a real OpenStack with trunks, Kuryr's ports and load balancers come with a cluster and leave with it.
const NAME = "kury";
const NODES = 3;

let at: Place;
beforeAll(async () => {
  at = await place();
});
afterAll(() => at.leave());

const says = (words: RegExp) => () =>
  at.bot.seen().some((one) => words.test(JSON.stringify(one.blocks))) ? true : undefined;

test("a cluster with Kuryr is made, has its trunks, and leaves nothing", async () => {
  await at.bot.type(`create ${NAME} --cni kuryr`);
  await at.bot.until("the plan asks for an approval", says(/OpenStack retired Kuryr-Kubernetes/));
  await at.bot.press("request:approve", "U0APPROVER");
  await at.bot.until("the cluster is ready", says(/is ready after/), 400);
  const kinds = (await at.added()).map((one) => one.replace(/ \S+ \(.*$/, ""));
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  expect(["trunk", "network", "subnet", "router"].map(count)).toEqual([NODES, 3, 3, 1]);
  // The API's from outside and from inside, and that of CoreDNS if Kuryr was quick.
  expect(count("load balancer")).toBeGreaterThanOrEqual(2);
  await at.bot.until("pods have ports", async () => {
    const ports = (await at.added()).filter((one) => one.startsWith("port "));
    return ports.length >= NODES + 10 ? true : undefined;
  });
  await at.bot.type(`delete ${NAME}`);
  await at.bot.press("delete:confirm", "U0DEV");
  await at.bot.until("the cluster is deleted", says(/is deleted after .*0 resources left/), 300);
  await at.bot.until("the project is as before", async () => ((await at.added()).length === 0 ? true : undefined), 60);
});
