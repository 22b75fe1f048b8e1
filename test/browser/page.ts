import { existsSync } from "node:fs";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { type Playground, playground } from "../../sandbox/playground.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { exampleConfig } from "../support/bot.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** No look-ups, no updates: the page is all that the browser asks for. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Faster than a real cloud, slow enough that every state is seen. */
const SPEED = 8;

export interface Seat {
  readonly page: Page;
  /** What the page's console and its scripts complained about. */
  readonly complaints: readonly string[];
  /** Types a line into the field at the bottom and sends it. */
  type(line: string): Promise<void>;
  /** Messages of the channel, oldest first. */
  messages(): Locator;
  /** The newest message that holds these words. */
  message(words: string | RegExp): Locator;
  /** Becomes somebody else on the same page. */
  become(name: string): Promise<void>;
}

export interface Office {
  readonly made: Playground;
  /** A browser window of this person in this channel. */
  seat(user: string, channel?: string): Promise<Seat>;
  close(): Promise<void>;
}

/** A browser that asks nobody but the page. @throws Error that says how to get one */
export async function browse(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `There is no Chromium at ${CHROMIUM}: run apt-get install chromium, or set CHROMIUM to where it is.`,
    );
  }
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

interface OfficeOptions {
  readonly pace?: number;
  /** Real seconds between two looks at everybody's health. */
  readonly lookSeconds?: number;
}

/** The same moments `pace` times as fast: a night passes in minutes. Real certificates don't hold in it. */
function hasty(pace: number): Clock {
  const clock = systemClock();
  const startMs = clock.nowMs();
  return {
    nowMs: () => Math.round(startMs + (clock.nowMs() - startMs) * pace),
    wait: (ms, signal) => clock.wait(ms / pace, signal),
  };
}

/** The playground on a free port and a browser in front of it. */
export async function office({ pace = 1, lookSeconds }: OfficeOptions = {}): Promise<Office> {
  const browser = await browse();
  const quiet = () => undefined;
  const made = await playground({
    port: 0,
    config: { ...exampleConfig(), ...(lookSeconds === undefined ? {} : { health: { every: lookSeconds } }) },
    clock: hasty(pace),
    chance: systemChance(),
    log: { info: quiet, warn: quiet, error: quiet },
    folder: "sandbox",
    cloud: { speed: SPEED },
  });
  return {
    made,
    async seat(user, channel = "C0TEAMA") {
      // What breathes on the page is painted again and again, and nobody looks.
      const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, reducedMotion: "reduce" });
      page.setDefaultTimeout(20_000);
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (said) => {
        if (said.type() === "error") complaints.push(said.text());
      });
      await page.goto(`${made.url}/?as=${user}&in=${channel}`);
      await page.locator("#channels [aria-current=page]").waitFor();
      const field = page.locator("#compose");
      return {
        page,
        complaints,
        async type(line) {
          await field.fill(line);
          await field.press("Enter");
        },
        messages: () => page.locator("#messages .message"),
        message: (words) => page.locator("#messages .message").filter({ hasText: words }).last(),
        become: (name) => page.locator("#people [role=radio]").filter({ hasText: name }).click(),
      };
    },
    async close() {
      await browser.close();
      await made.stop();
    },
  };
}
