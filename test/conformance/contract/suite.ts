import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudSettings } from "../../../shared/openstack/clouds.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import type { Runtime } from "../../../shared/openstack/send.ts";
import { DIFFERENCES } from "./differences.ts";
import { type Ask, asker, type Exchange, type How } from "./exchange.ts";
import { placeholders } from "./placeholders.ts";

/** Limits of a project, by service and by the service's own word. */
export type Limits = Readonly<Partial<Record<ServiceType, Readonly<Record<string, number>>>>>;

export interface ContractGround {
  readonly mine: CloudSettings;
  readonly runtime: Runtime;
  /** `[a-z0-9]+`, never the same twice. */
  newId(): string;
  /** A project of its own that may have no more than this, and what takes it away. */
  small(limits: Limits): Promise<{ readonly settings: CloudSettings; end(): Promise<void> }>;
}

/** What a case has to ask with. */
export interface At {
  (service: ServiceType, always?: How): Ask;
  /** Begins the names of this case. */
  readonly run: string;
  readonly project: string;
  readonly user: string;
  readonly region: string;
  undoing(act: () => Promise<unknown>): void;
  /** Where a service is in URLs: `/networking/v2.0`. */
  prefix(service: ServiceType): Promise<string>;
  /** Another login, into the same transcript. */
  as(settings: CloudSettings): (service: ServiceType, always?: How) => Ask;
  readonly settings: CloudSettings;
  small(limits: Limits): Promise<(service: ServiceType, always?: How) => Ask>;
}

export type Cases = Readonly<Record<string, (at: At) => Promise<unknown>>>;

const fileOf = (suite: string) => join(import.meta.dirname, "recorded", `${suite}.json`);

export type Recorded = Readonly<Record<string, readonly Exchange[]>>;

export const recorded = (suite: string): Recorded =>
  existsSync(fileOf(suite)) ? (JSON.parse(readFileSync(fileOf(suite), "utf8")) as Recorded) : {};

/** Runs one case and answers with its exchanges. */
async function transcriptOf(ground: ContractGround, run: (at: At) => Promise<unknown>): Promise<readonly Exchange[]> {
  const transcript: Exchange[] = [];
  const { mine, runtime } = ground;
  const name = `wide-${ground.newId()}`;
  const known: Record<string, string> = { run: name };
  const write = placeholders(known);
  const first = asker(mine, runtime, transcript, write);
  const { projectId: project, userId: user, region } = await first.scope();
  const all = [first];
  const ends: (() => Promise<void>)[] = [];
  Object.assign(known, { project, user });
  const as = (settings: CloudSettings) => {
    const other = asker(settings, runtime, transcript, write);
    all.unshift(other);
    return other.at;
  };
  const small = async (limits: Limits) => {
    const { settings, end } = await ground.small(limits);
    ends.push(end);
    return as(settings);
  };
  const more = { run: name, project, user, region, settings: mine, undoing: first.undoing, as, small };
  const place = { prefix: first.prefix };
  try {
    await run(Object.assign((service: ServiceType, always?: How) => first.at(service, always), more, place));
  } finally {
    for (const one of all) await one.undo();
    for (const end of ends) await end();
  }
  return transcript;
}

/** What is left of a transcript without the exchanges that are known to differ. */
const agreed = (suite: string, name: string, transcript: readonly Exchange[] | undefined) =>
  transcript?.map((exchange, at) => {
    const known = DIFFERENCES.some((one) => one.suite === suite && one.name === name && one.at.includes(at));
    return known ? { ask: exchange.ask } : exchange;
  });

/**
 * Asks the same of a real cloud and of the sandbox: what the real one said is recorded (`record` writes it anew), and both
 * must say exactly that.
 */
export function contractSuite(
  where: string,
  suite: string,
  cases: Cases,
  start: () => ContractGround,
  record = false,
): void {
  describe(`${where} ${suite}`, () => {
    const ground = start();
    const kept = recorded(suite);
    const heard: Record<string, readonly Exchange[]> = {};
    test.each(Object.entries(cases))("%s", async (name, run) => {
      const transcript = await transcriptOf(ground, run);
      heard[name] = transcript;
      if (record) return;
      const both = [transcript, kept[name]].map((one) => (where === "sandbox" ? agreed(suite, name, one) : one));
      expect(both[0]).toEqual(both[1]);
    });
    afterAll(() => {
      if (!record) return;
      const all = { ...kept, ...heard };
      const left = Object.keys(cases).flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
      writeFileSync(fileOf(suite), `${JSON.stringify(Object.fromEntries(left), null, 2)}\n`);
    });
  });
}
