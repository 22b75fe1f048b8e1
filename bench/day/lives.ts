import { clusters } from "../../shared/state/index.ts";
import { HOME_OPENINGS, HOUR_MS, type Life, LOOKS, lives, MINUTE_MS, momentOf, QUESTIONS } from "./assumptions.ts";
import { channelOf, clusterName } from "./cloud.ts";
import type { Who } from "./people.ts";
import { type DayWorld, MIDNIGHT_MS } from "./world.ts";

const LOOK_MS = 20_000;
const LATE_MS = 3 * HOUR_MS;
const APPROVE = "request:approve";
const ASKED = ["status", "lb", "nodes", "dns", "storage"] as const;

/** What became of the lives of a day. */
export interface Ended {
  ready: number;
  deleted: number;
  denied: number;
  readonly readySeconds: number[];
  readonly stuck: string[];
}

const approver = (channel: string): Who => ({ user: "U0APPROVER", channel });

/** Looks at what the store has until that is so; nobody pays for these looks. */
async function until(world: DayWorld, key: string, enough: (phase: string | undefined) => boolean): Promise<boolean> {
  for (const endMs = world.time.nowMs() + LATE_MS; world.time.nowMs() < endMs; ) {
    const phase = await phaseOf(world, key);
    if (enough(phase)) return true;
    await world.time.wait(LOOK_MS);
  }
  return false;
}

const phaseOf = async (world: DayWorld, key: string): Promise<string | undefined> =>
  (await clusters(world.free).get(key))?.status.phase;

async function asks(world: DayWorld, life: Life, name: string, who: Who): Promise<string | undefined> {
  const { people } = world;
  const small = life.approved === "by itself";
  const gib = small ? "50G" : "100G";
  const ttl = life.ends === "expires" ? "2h" : "3d";
  if (life.how === "command") {
    const template = life.template === "ha" && !small ? " --template ha" : "";
    return people.requestIn(await people.type(`create ${name} --rwx ${gib} --ttl ${ttl}${template}`, who));
  }
  const choices = [{ name }, { rwx: gib }, { ttl }];
  return people.requestIn(await people.fillForm(who, choices, 10_000));
}

/** Whether it is to be made. */
async function decided(world: DayWorld, life: Life, request: string, who: Who): Promise<boolean> {
  if (life.approved === "by itself") return true;
  const { people, slack, time } = world;
  await time.wait(life.thinkMs);
  if (life.approved === "denied") {
    await people.type(`deny ${request} too many servers for a test`, approver(who.channel));
    return false;
  }
  const value = slack.button(`request:${request}`, APPROVE);
  // Where no button came, the words do.
  if (value === undefined) await people.type(`approve ${request}`, approver(who.channel));
  else await people.press(APPROVE, value, approver(who.channel));
  return true;
}

async function used(world: DayWorld, name: string, who: Who): Promise<void> {
  const { people, time, functions } = world;
  for (let asked = 0; asked < QUESTIONS; asked += 1) {
    await time.wait(world.draw.between(1, 10) * MINUTE_MS);
    await people.type(`${ASKED[Math.floor(world.draw.next() * ASKED.length)]} ${name}`, who);
  }
  const [path] = /\/kubeconfig\/[a-z0-9]{43}/.exec(await people.type(`kubeconfig ${name}`, who)) ?? [];
  if (path === undefined) throw new Error(`no link to a kubeconfig of ${name}`);
  await functions.download("GET", path);
  await functions.download("POST", path);
}

/** From the wish to the end of one cluster. */
async function live(world: DayWorld, life: Life, ended: Ended): Promise<void> {
  const { time, people } = world;
  await time.wait(life.atMs);
  const name = clusterName(life.tenant, life.number);
  const key = `team-${life.tenant}/${name}`;
  const who = { user: `U0DEV${life.tenant}N${life.number % 5}`, channel: channelOf(life.tenant) };
  const request = await asks(world, life, name, who);
  if (request === undefined) return void ended.stuck.push(`${name}: not asked for`);
  if (!(await decided(world, life, request, who))) {
    ended.denied += 1;
    return;
  }
  const begunMs = time.nowMs();
  if (!(await until(world, key, (phase) => phase === "ready")))
    return void ended.stuck.push(`${name}: ${await phaseOf(world, key)} after ${LATE_MS / HOUR_MS} h`);
  ended.ready += 1;
  ended.readySeconds.push((time.nowMs() - begunMs) / 1000);
  await used(world, name, who);
  if (life.renewed) await people.type(`renew ${name}`, who);
  if (life.ends === "deleted") {
    await time.wait(life.standsMs);
    await people.confirmDelete(name, who);
  }
  if (await until(world, key, (phase) => phase === undefined)) ended.deleted += 1;
  else ended.stuck.push(`${name}: not gone, ${await phaseOf(world, key)}`);
}

async function looks(world: DayWorld, tenant: number): Promise<void> {
  const { time, draw, people } = world;
  const who = { user: `U0LOOK${tenant}`, channel: channelOf(tenant) };
  const moments = Array.from({ length: Math.ceil(LOOKS / world.assumed.every) }, () => momentOf(draw)).sort(
    (a, b) => a - b,
  );
  for (const [at, moment] of moments.entries()) {
    await time.wait(Math.max(0, MIDNIGHT_MS + moment - time.nowMs()));
    await people.type(at % 2 === 0 ? "list" : "requests", who);
  }
}

async function watchesHome(world: DayWorld, number: number): Promise<void> {
  const { time, draw, people, assumed } = world;
  const user = `U0HOME${number}`;
  const moments = Array.from({ length: HOME_OPENINGS }, () => momentOf(draw)).sort((a, b) => a - b);
  await time.wait((moments[0] ?? 0) - 1);
  await people.type("help", { user, channel: channelOf(number % assumed.tenants) });
  for (const moment of moments) {
    await time.wait(Math.max(0, MIDNIGHT_MS + moment - time.nowMs()));
    await people.openHome(user);
  }
}

/** Everything that people do on one day, until the last of its clusters is gone. `sweepEvery`: minutes. */
export async function dayOf(world: DayWorld, sweepEvery = 1): Promise<Ended> {
  const { time, assumed, draw, functions, table } = world;
  const ended: Ended = { ready: 0, deleted: 0, denied: 0, readySeconds: [], stuck: [] };
  let over = false;
  const sweeping = async (): Promise<void> => {
    while (!over) {
      await functions.sweep();
      table.expire(time.nowMs());
      await time.wait(sweepEvery * MINUTE_MS);
    }
  };
  const all = async (): Promise<void> => {
    await Promise.all([
      ...lives(assumed, draw).map((life) => live(world, life, ended)),
      ...Array.from({ length: assumed.tenants }, (_, tenant) => looks(world, tenant)),
      ...Array.from({ length: Math.ceil(assumed.homes / assumed.every) }, (_, number) => watchesHome(world, number)),
    ]);
    over = true;
  };
  await time.run(() => Promise.race([sweeping(), all()]));
  return ended;
}
