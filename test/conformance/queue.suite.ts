import type { Handle, Message, Queue, QueueWorker } from "../../shared/ports/queue.ts";

export interface QueueUnderTest {
  readonly queue: Queue & QueueWorker;
  /** Moves the time that the queue goes by. */
  pass(seconds: number): void;
  cleanUp(): void;
}

const cluster = (name: string): Message => ({ is: "reconcile", cluster: `team-a/${name}` });
const question: Message = { is: "ask", what: "lb", cluster: "team-a/dev", channel: "C0TEAMA", user: "U0DEV" };

/** Lets all that is handled end, and so the queue stop. */
async function endAll(doors: readonly (() => void)[], stopped: Promise<void>): Promise<void> {
  for (const open of doors) open();
  await stopped;
}

export const sentBy = (which: number): string => `00-${String(which).repeat(32)}-${String(which).repeat(16)}-01`;

/** A handler that notes what it is given, and can be waited for. */
export function notingHandler(
  behave: (message: Message, nth: number, lateMs?: number, traceparent?: string) => Promise<void> = async () =>
    undefined,
) {
  const seen: Message[] = [];
  let notify = () => {};
  return {
    seen,
    handle: (message: Message, ...beside: [lateMs?: number, traceparent?: string]): Promise<void> => {
      seen.push(message);
      notify();
      return behave(message, seen.length, ...beside);
    },
    /** Resolves when so many messages have come. The test's own time limit says when they never do. */
    until: async (count: number): Promise<void> => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
    },
  };
}

/** Takes what is due. How many have come by then, in all. */
async function come({ queue }: QueueUnderTest, handle: Handle, seen: readonly Message[]): Promise<number> {
  queue.start(handle);
  await queue.stop();
  return seen.length;
}

/** What every queue that runs inside the process must do, whatever is behind it. */
export function queueSuite(name: string, make: () => QueueUnderTest): void {
  describe(`queue: ${name}`, () => {
    let it: QueueUnderTest;
    beforeEach(() => {
      it = make();
    });
    afterEach(async () => {
      await it.queue.close();
      it.cleanUp();
    });

    test("wakes at once for a message that is due", async () => {
      const { handle, seen } = notingHandler();
      it.queue.start(handle);
      await it.queue.enqueue(cluster("dev"), 0);
      expect(seen).toEqual([cluster("dev")]);
    });

    test("gives what came before the worker started, earliest first", async () => {
      await it.queue.enqueue(cluster("third"), 0.5);
      await it.queue.enqueue(cluster("first"), 0);
      await it.queue.enqueue(cluster("second"), 0.25);
      it.pass(0.5);
      const { handle, seen } = notingHandler();
      it.queue.start(handle);
      expect(seen).toEqual([cluster("first"), cluster("second"), cluster("third")]);
    });

    test("holds a message until it is due, then gives it once, without being told", async () => {
      const { handle, seen, until } = notingHandler();
      it.queue.start(handle);
      await it.queue.enqueue(cluster("later"), 30);
      it.pass(29.9);
      await it.queue.enqueue(cluster("now"), 0);
      expect(seen).toEqual([cluster("now")]);
      it.pass(0.1);
      await until(2);
      await it.queue.stop();
      expect(seen).toEqual([cluster("now"), cluster("later")]);
    });

    test("equal waiting messages are one, at the earliest time", async () => {
      const { handle, seen } = notingHandler();
      for (const seconds of [60, 10, 30]) await it.queue.enqueue(cluster("dev"), seconds);
      it.pass(10);
      it.queue.start(handle);
      await it.queue.stop();
      expect(seen).toEqual([cluster("dev")]);
      it.pass(100);
      it.queue.start(handle);
      await it.queue.stop();
      expect(seen).toEqual([cluster("dev")]);
    });

    test("tells how late a message is and who sent it; equal messages are one, whoever sends them, and the first's", async () => {
      const taken: unknown[] = [];
      const note: Handle = async (...what) => {
        taken.push(what);
        if (taken.length === 1) throw new Error("the cloud is away");
      };
      const come = async (seconds: number): Promise<void> => {
        it.pass(seconds);
        it.queue.start(note);
        await it.queue.stop();
      };
      await it.queue.enqueue(cluster("dev"), 10, sentBy(1));
      await it.queue.enqueue(cluster("dev"), 5, sentBy(2));
      await it.queue.enqueue(cluster("other"), 90);
      await come(8);
      expect(taken).toEqual([[cluster("dev"), 3000, sentBy(1)]]);
      await come(1.5);
      expect(taken[1]).toEqual([cluster("dev"), 500, sentBy(1)]);
      await come(100);
      expect(taken.slice(2)).toEqual([[cluster("other"), 19_500, undefined]]);
    });

    test("a message sent while its equal is being handled comes again", async () => {
      const { handle, seen, until } = notingHandler(async (message, nth) => {
        if (nth === 1) await it.queue.enqueue(message, 0);
      });
      it.queue.start(handle);
      await it.queue.enqueue(cluster("dev"), 0);
      await until(2);
      await it.queue.stop();
      expect(seen).toHaveLength(2);
    });

    test("a failed message comes again after 1 s, 2 s, 4 s, and no more once it is handled", async () => {
      const { handle, seen } = notingHandler(async (_message, nth) => {
        if (nth <= 3) throw new Error("the cloud is away");
      });
      await it.queue.enqueue(cluster("dev"), 0);
      expect(await come(it, handle, seen)).toBe(1);
      for (const [seconds, count] of [
        [0.9, 1],
        [0.1, 2],
        [1.9, 2],
        [0.1, 3],
        [3.9, 3],
        [0.1, 4],
        [1000, 4],
      ] as const) {
        it.pass(seconds);
        expect(await come(it, handle, seen)).toBe(count);
      }
    });

    test("a message that is sent again between its failures comes no sooner for that", async () => {
      const { handle, seen } = notingHandler(async (message, nth) => {
        if (nth === 2) await it.queue.enqueue(message, 100);
        throw new Error("the cloud is away");
      });
      await it.queue.enqueue(cluster("dev"), 0);
      expect(await come(it, handle, seen)).toBe(1);
      await it.queue.enqueue(cluster("dev"), 100);
      for (const [seconds, count] of [
        [1, 2],
        [1.9, 2],
        [0.1, 3],
        [3.9, 3],
        [0.1, 4],
      ] as const) {
        it.pass(seconds);
        expect(await come(it, handle, seen)).toBe(count);
      }
    });

    test("handles eight at once and no more, and stop waits for them", async () => {
      const doors: (() => void)[] = [];
      let [now, most, ended] = [0, 0, 0];
      const { handle, until, seen } = notingHandler(async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => doors.push(resolve));
        now -= 1;
        ended += 1;
      });
      for (let i = 0; i < 20; i += 1) await it.queue.enqueue(cluster(`c${i}`), 0);
      it.queue.start(handle);
      expect(seen).toHaveLength(8);
      doors.shift()?.();
      await until(9);
      expect(most).toBe(8);
      const stopped = it.queue.stop();
      for (const open of doors) open();
      await stopped;
      expect([ended, seen.length]).toEqual([9, 9]);
    });

    test("two hundred passes of one team don't keep another's one waiting, nor a question", async () => {
      const doors: (() => void)[] = [];
      const { handle, seen } = notingHandler(() => new Promise((resolve) => doors.push(resolve)));
      for (let i = 0; i < 200; i += 1) await it.queue.enqueue(cluster(`c${i}`), 0);
      it.pass(1);
      const other: Message = { is: "reconcile", cluster: "team-b/dev" };
      await it.queue.enqueue(other, 0);
      await it.queue.enqueue(question, 0);
      it.queue.start(handle);
      expect(seen.slice(0, 3)).toEqual([question, cluster("c0"), other]);
      expect(seen).toHaveLength(10);
      expect(seen.filter((one) => one.is === "reconcile" && one.cluster.startsWith("team-a/"))).toHaveLength(8);
      await endAll(doors, it.queue.stop());
    });

    test("teams that have much to do share what there is", async () => {
      const doors: (() => void)[] = [];
      const { handle, seen } = notingHandler(() => new Promise((resolve) => doors.push(resolve)));
      for (const team of ["a", "b", "c"])
        for (let i = 0; i < 20; i += 1) await it.queue.enqueue({ is: "reconcile", cluster: `team-${team}/c${i}` }, 0);
      it.queue.start(handle);
      const of = (team: string) =>
        seen.filter((one) => one.is === "reconcile" && one.cluster.startsWith(`team-${team}/`)).length;
      expect(["a", "b", "c"].map(of)).toEqual([4, 4, 4]);
      await endAll(doors, it.queue.stop());
    });

    test("a closed queue refuses messages", async () => {
      await it.queue.close();
      await expect(it.queue.enqueue(cluster("dev"), 0)).rejects.toThrow("The queue is closed.");
    });
  });
}
