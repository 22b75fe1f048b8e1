import { anything, caller } from "../../../shared/kubernetes/call.ts";
import type { KubernetesRequest } from "../../../shared/kubernetes/send.ts";
import { withDeadline } from "../../../shared/openstack/deadline.ts";

// Goal: a line that loses some calls keeps nobody from the end, and one that is dead costs one try each.
const READ = { method: "GET", path: "/readyz" } as const;
const APPLY = { method: "PATCH", path: "/api/v1/namespaces/a", body: "{}" } as const;

/** `o` is an answer, `x` is none; after the last letter it goes on with that. */
function line(fate: string) {
  const heard: KubernetesRequest[] = [];
  const { call } = caller(async (request) => {
    const now = fate[Math.min(heard.length, fate.length - 1)];
    heard.push(request);
    if (now === "x") throw new Error("other side closed");
    return { status: 200, body: "{}" };
  });
  const ask = (asked: Parameters<typeof call>[0]) =>
    call(asked, anything).then(
      () => "answered",
      (error: unknown) => String(error),
    );
  return { ask, heard };
}
const UNHEARD = "KubernetesError: kubernetes GET /readyz: no answer: other side closed";

test.each([READ, APPLY])("$method to a server that answers others is made up to three times", async (asked) => {
  const { ask, heard } = line("oxxo");
  expect([await ask(READ), await ask(asked)]).toEqual(["answered", "answered"]);
  expect(heard.slice(1).map(({ method }) => method)).toEqual([asked.method, asked.method, asked.method]);
});

test("three tries are all that a call gets, also while others are answered", async () => {
  const heard: string[] = [];
  const { call } = caller(async ({ path }) => {
    heard.push(path);
    if (path === "/lost" && heard.length < 20) {
      await call(READ, anything);
      throw new Error("timeout");
    }
    return { status: 200, body: "{}" };
  });
  await call(READ, anything);
  await expect(call({ method: "GET", path: "/lost" }, anything)).rejects.toThrow("no answer: timeout");
  expect(heard.filter((path) => path === "/lost")).toHaveLength(3);
});

test("a server that has not answered yet, or that has fallen silent, is asked once by each call", async () => {
  const { ask, heard } = line("xoxxxxo");
  expect([await ask(READ), heard.length]).toEqual([UNHEARD, 1]);
  expect([await ask(READ), heard.length]).toEqual(["answered", 2]);
  expect([await ask(READ), heard.length]).toEqual([UNHEARD, 5]);
  expect([await ask(READ), heard.length]).toEqual([UNHEARD, 6]);
  expect([await ask(READ), heard.length]).toEqual(["answered", 7]);
});

test.each(["POST", "PUT", "DELETE"] as const)("a %s whose answer is lost is not made again", async (method) => {
  const { ask, heard } = line("ox");
  await ask(READ);
  expect(await ask({ method, path: "/x" })).toContain("no answer: other side closed");
  expect(heard).toHaveLength(2);
});

test("where a pass has no time left nothing is made again", async () => {
  const { ask, heard } = line("ox");
  await ask(READ);
  let nowMs = 0;
  const clock = () => {
    nowMs += 40;
    return nowMs;
  };
  expect(await withDeadline({ lastMs: 100, endMs: 1000, nowMs: clock }, () => ask(READ))).toBe(UNHEARD);
  expect(heard).toHaveLength(2);
});
