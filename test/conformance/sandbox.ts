import { createSandbox } from "../../sandbox/openstack/index.ts";
import { SERVICES } from "../../shared/openstack/catalog.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { Send } from "../../shared/openstack/send.ts";
import { countedChance, virtualClock } from "../support/virtual.ts";
import type { ClientGround } from "./client.suite.ts";
import type { ContractGround } from "./contract/suite.ts";
import { type TestWorld, tap, testWorld } from "./world.ts";

const SETTLE_MS = 1000;

function freshCloud() {
  const clock = virtualClock();
  return { clock, sandbox: createSandbox({ clock, chance: countedChance() }) };
}

/** Two projects of the embedded cloud, for what is asked of the client alone. */
export function sandboxClient(): ClientGround {
  const { clock, sandbox } = freshCloud();
  let ids = 0;
  return {
    mine: sandbox.settings("team-a"),
    other: sandbox.settings("team-b"),
    runtime: { ...clock, send: sandbox.send },
    newId: () => (ids++).toString(36),
  };
}

/** An embedded cloud; the project with limits of its own is its second one. */
export function sandboxContract(): ContractGround {
  const { clock, sandbox } = freshCloud();
  const { id } = sandbox.project("team-b");
  let ids = 0;
  return {
    mine: sandbox.settings("team-a"),
    runtime: { ...clock, send: sandbox.send },
    newId: () => (ids++).toString(36).padStart(6, "0"),
    async small(limits) {
      const undo = SERVICES.flatMap((service) =>
        Object.entries(limits[service] ?? {}).map(([resource, limit]) => {
          const before = sandbox.quotas.limit(id, service, resource);
          sandbox.quotas.set(id, service, resource, limit);
          return () => sandbox.quotas.set(id, service, resource, before);
        }),
      );
      return { settings: sandbox.settings("team-b"), end: async () => undo.forEach((one) => void one()) };
    },
  };
}

/** The embedded cloud and its time, for one login per name: they share what there is. */
export function sandboxWorlds() {
  const { clock, sandbox } = freshCloud();
  let ids = 0;
  /** `through` may change what goes over the wire. */
  return (project = "team-a", through = (send: Send): Send => send): TestWorld => {
    const wire = tap(through(sandbox.send));
    const cloud = connect(sandbox.settings(project), { ...clock, send: wire.send });
    const settle = () => clock.wait(SETTLE_MS);
    return testWorld({ cloud, tap: wire, settle, newId: () => `c${(ids++).toString(36)}` });
  };
}
