import { createSandbox } from "../../sandbox/openstack/index.ts";
import { connect } from "../../shared/openstack/connect.ts";
import { cases } from "./cases/index.ts";
import { kindSuite } from "./kind.suite.ts";
import { tap, testWorld } from "./world.ts";

// Goal: every kind finds, creates, updates and removes what is its own and nothing else, whatever gets lost on the way.
kindSuite("sandbox", cases, sandboxWorld);

const SETTLE_MS = 1000;

async function sandboxWorld() {
  let nowMs = Date.UTC(2026, 0, 1);
  let ids = 0;
  let drawn = 0;
  const clock = {
    nowMs: () => nowMs,
    async wait(ms: number) {
      nowMs += ms;
    },
  };
  // Different every time and the same in every run, which is all that tests ask of chance.
  const chance = { token: (length: number) => (drawn++).toString(36).padStart(length, "0").slice(-length) };
  const sandbox = createSandbox({ clock, chance });
  const wire = tap(sandbox.send);
  const cloud = connect(sandbox.settings("team-a"), { ...clock, send: wire.send });
  return testWorld({ cloud, tap: wire, settle: () => clock.wait(SETTLE_MS), newId: () => `c${(ids++).toString(36)}` });
}
