import { isQuiet, isShaken, settled } from "../../../handlers/work/quiet.ts";
import type { Pass } from "../../../shared/reconcile/converge.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, fakeJournal, fakeKind, noCloud } from "../../shared/reconcile/fake.ts";
import { type Town, town } from "../../support/town.ts";
import { record } from "../given.ts";

// Goal: what stumbled is looked at, compared and repaired once after each setback, and not with every poll until the end;
// nothing that a lost answer hid is missed.
let at: Town | undefined;
afterEach(() => at?.close());

const creating = (status: Parameters<typeof record>[1] = {}) => record({}, { phase: "creating", ...status });

const lost = { atMs: 1, step: "server/a", trouble: "retry", text: "no answer" };

test.each([
  ["a create", creating(), true, false],
  ["after a setback", creating({ setbacks: 1 }), false, true],
  ["once the setback is settled", creating({ failures: [lost] }), true, false],
  ["a renewal", creating({ doing: "renew" }), false, true],
  ["a ready cluster", record({}, { phase: "ready" }), false, true],
  ["a delete", record({ wish: "absent" }, { phase: "deleting" }), false, true],
] as const)("%s", (_what, of, quiet, shaken) => {
  expect([isQuiet(of), isShaken(of)]).toEqual([quiet, shaken]);
});

test("a copy that a lost answer left and that came late is found before it is called ready", async () => {
  const server = fakeKind("server");
  const pass: Pass = {
    cloud: noCloud,
    cluster,
    graph: [node("server/a", server, () => ({}))],
    journal: fakeJournal(),
    quiet: true,
    nowMs: () => 1_000_000,
  };
  expect(await settled(pass, creating())).toEqual({ is: "done" });
  server.things.push({ id: "late", name: "dev-k7f3m2q9x1-server-a", status: "ready", state: "X", facts: {} });
  expect(await settled(pass, creating())).toEqual({ is: "done" });
  expect(await settled(pass, creating({ failures: [lost] }))).toMatchObject({
    is: "blocked",
    call: { trouble: "ambiguous" },
  });
});

test("after a setback what is in the cluster is applied once more, and then no more", async () => {
  let refusals = 0;
  const applied = new Map<string, number>();
  at = await town({
    boots: true,
    wire: (send) => async (request) => {
      // A node is in, and what it has fetched its payload with goes: the add-ons are applied and the workers still come.
      const goes = request.method === "DELETE" && request.url.includes("/application_credentials/");
      if (!goes || applied.size === 0 || refusals === 1) return send(request);
      refusals += 1;
      return { status: 409, headers: {}, body: "{}" };
    },
  });
  const { connect } = at.deps.kubernetes;
  let looks = 0;
  Object.assign(at.deps.kubernetes, {
    connect: async (...asked: Parameters<typeof connect>) => {
      const send = await connect(...asked);
      return async (request: Parameters<typeof send>[0]) => {
        const [path = ""] = request.path.split("?");
        if (request.method === "PATCH") applied.set(path, (applied.get(path) ?? 0) + 1);
        if (refusals === 1 && path === "/api/v1/nodes") looks += 1;
        return send(request);
      };
    },
  });
  await at.type("create dev --rwx 50G --ttl 3d");
  await at.until(async () => (await at?.record("team-a/dev"))?.status.phase === "ready");
  const { failures = [] } = (await at.record("team-a/dev"))?.status ?? {};
  expect(failures).toMatchObject([{ trouble: "conflict" }]);
  expect(looks).toBeGreaterThan(2);
  expect(Math.max(...applied.values())).toBe(2);
});
