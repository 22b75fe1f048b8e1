import { kubernetesDialer } from "../../shared/adapters/kubernetes-dialer.ts";
import type { KubernetesSend } from "../../shared/kubernetes/send.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { manyOf, type Recorded, readyNodes } from "../health-cloud.ts";
import { type Assumed, MINUTE_MS } from "./assumptions.ts";
import { noted, TAKES } from "./cloud.ts";
import type { Ledger } from "./ledger.ts";
import { type One, standing } from "./standing.ts";
import type { DayTime } from "./time.ts";
import { dayWorld } from "./world.ts";

/** The tenant whose health is looked at. */
const LOOKED_AT = "team-0";
/** So many sweeps one after another: among them the one whose turn it is to look at everything. */
export const SWEEPS = 15;
/** Looks at everybody's health before it is counted: by then a process has what it keeps, authorities and members of pools. */
const WARM = 7;
export const LOOKS = 2;

/** One minute, to be compared with the next. */
export interface Minute {
  readonly of: "sweep" | "health";
  readonly rru: number;
  readonly wru: number;
  readonly openstack: number;
  readonly cpuMs: number;
  readonly seconds: number;
}

/** One tenant's cloud, with so many clusters in it, whose calls take their time. */
function cloudOf(recorded: Recorded, count: number, time: DayTime, books: Ledger): Cloud {
  const many = manyOf(recorded, count);
  const told = noted(books);
  return connect(recorded.settings, {
    nowMs: time.nowMs,
    wait: time.wait,
    told: (exchanged) => told(LOOKED_AT, exchanged),
    async send(request) {
      await time.wait(request.method === "GET" ? TAKES.get : TAKES.other);
      return many.send(request);
    },
  });
}

/** The clusters' API servers, all well. */
function apisOf(recorded: Recorded, time: DayTime, books: Ledger): Deps["kubernetes"] {
  const ready = readyNodes(recorded.cluster);
  const dial: typeof ready = (access) => {
    const answer = ready(access);
    const send: KubernetesSend = async (request) => {
      books.add("kubernetes");
      await time.wait(TAKES.kubernetes);
      return answer(request);
    };
    return Object.assign(send, { close: async () => undefined });
  };
  return kubernetesDialer({ nowMs: time.nowMs, dial });
}

/**
 * The standing clusters for some minutes: every schedule's tick with all that follows from it. One tenant's health is looked
 * at, because another's is like it; sweeps have all of them.
 */
export async function steadyOf(assumed: Assumed, { record, recorded }: One) {
  const each = Math.ceil(assumed.clusters / assumed.tenants);
  const world = dayWorld(
    { ...assumed, lost: 0 },
    (time, books, { tenants, ...config }) => {
      const cloud = cloudOf(recorded, each, time, books);
      const team = tenants[LOOKED_AT];
      if (team === undefined) throw new Error(`there is no ${LOOKED_AT}`);
      return {
        config: { ...config, tenants: { [LOOKED_AT]: team } },
        cloudOf: () => cloud,
        kubernetes: apisOf(recorded, time, books),
      };
    },
    // Logins end: what was recorded then is good then.
    recorded.nowMs,
  );
  const { time, books, functions, queue } = world;
  await standing(world.free, record, recorded, assumed, time.nowMs());
  const minutes: Minute[] = [];
  async function minute(of: Minute["of"]): Promise<void> {
    const counts = () => ({
      rru: books.sum("rru"),
      wru: books.sum("wru"),
      openstack: books
        .all("openstack ")
        .reduce((sum, [what, count]) => sum + (/ (reads|writes)$/.test(what) ? count : 0), 0),
    });
    const [before, used, begunMs] = [counts(), process.cpuUsage(), time.nowMs()];
    await functions[of]();
    while (queue.open() > 0) await time.wait(100);
    const { user, system } = process.cpuUsage(used);
    const [after, seconds] = [counts(), (time.nowMs() - begunMs) / 1000];
    const [rru, wru, openstack] = [after.rru - before.rru, after.wru - before.wru, after.openstack - before.openstack];
    minutes.push({ of, rru, wru, openstack, cpuMs: (user + system) / 1000, seconds });
    await time.wait(Math.max(0, begunMs + MINUTE_MS - time.nowMs()));
  }
  const run = async (): Promise<void> => {
    for (let look = 0; look < WARM; look += 1) await minute("health");
    books.forget();
    minutes.length = 0;
    for (let look = 0; look < LOOKS; look += 1) await minute("health");
    for (let swept = 0; swept < SWEEPS; swept += 1) await minute("sweep");
  };
  await time.run(run);
  return { world, minutes };
}
