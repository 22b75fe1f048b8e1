import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Message, Queue, QueueWorker } from "../../shared/ports/queue.ts";
import { notingHandler, sentBy } from "./queue.suite.ts";

export interface LiveQueue {
  /** Another door to the same queue, as another process has. */
  readonly open: () => Queue & QueueWorker;
  readonly clearAll: () => Promise<void>;
  /** Equal waiting messages are one. */
  readonly merges: boolean;
  /** Of handlers at once some are for others than the one who sends most. */
  readonly shares: boolean;
  /** The finest step of its clock. */
  readonly stepMs: number;
}

const cluster = (name: string): Message => ({ is: "reconcile", cluster: `team-a/${name}` });

/** What a queue must do whose time is the machine's own: it waits as little as it can. */
export function liveQueueSuite(name: string, make: () => LiveQueue): void {
  describe(`queue: ${name}`, () => {
    const clock = systemClock();
    let it: LiveQueue;
    let opened: (Queue & QueueWorker)[] = [];
    const open = (): Queue & QueueWorker => {
      const queue = it.open();
      opened.push(queue);
      return queue;
    };
    beforeEach(async () => {
      it = make();
      await it.clearAll();
    });
    afterEach(async () => {
      await Promise.all(opened.map((queue) => queue.close()));
      opened = [];
    });

    test("gives what came before the worker started, and what comes later, through another door", async () => {
      const [one, two] = [open(), open()];
      await one.enqueue(cluster("before"), 0);
      const { handle, seen, until } = notingHandler();
      two.start(handle);
      await until(1);
      await one.enqueue(cluster("after"), 0);
      await until(2);
      expect(seen).toEqual([cluster("before"), cluster("after")]);
    });

    test("holds a message until it is due, a part of a second rounded up to its own step, then gives it once", async () => {
      const queue = open();
      const { handle, seen, until } = notingHandler();
      queue.start(handle);
      const sentMs = clock.nowMs();
      const [early, late] = [0.2, it.stepMs < 1000 ? 0.4 : 1.2];
      await queue.enqueue(cluster("late"), late);
      await queue.enqueue(cluster("early"), early);
      await until(1);
      expect(clock.nowMs() - sentMs).toBeGreaterThanOrEqual(200);
      await until(2);
      expect(clock.nowMs() - sentMs).toBeGreaterThanOrEqual(late * 1000);
      await clock.wait(it.stepMs);
      await queue.stop();
      expect(seen).toEqual([cluster("early"), cluster("late")]);
    });

    test("takes a message for next year, and one that is due already", async () => {
      const queue = open();
      await queue.enqueue(cluster("far"), 31_536_000);
      await queue.enqueue(cluster("past"), -5);
      const { handle, seen, until } = notingHandler();
      queue.start(handle);
      await until(1);
      expect(seen).toEqual([cluster("past")]);
    });

    test("equal waiting messages are one, at the earliest time, where the queue can", async () => {
      if (!it.merges) return;
      const [one, two] = [open(), open()];
      for (const seconds of [60, 0.3, 30]) await one.enqueue(cluster("dev"), seconds);
      const { handle, seen, until } = notingHandler();
      two.start(handle);
      await until(1);
      await clock.wait(200);
      expect(seen).toEqual([cluster("dev")]);
      await one.enqueue(cluster("dev"), 0);
      await until(2);
    });

    test("tells how late a message is, whatever it was held back for, and who sent it", async () => {
      const [one, two] = [open(), open()];
      const taken = new Map<string, readonly unknown[]>();
      const { handle, until } = notingHandler(async (message, _nth, ...beside) => {
        taken.set(message.is === "reconcile" ? message.cluster : "", beside);
      });
      await one.enqueue(cluster("late"), 0, sentBy(1));
      await clock.wait(400);
      two.start(handle);
      await one.enqueue(cluster("held"), 1);
      if (it.merges) await one.enqueue(cluster("merged"), 60, sentBy(1));
      if (it.merges) await one.enqueue(cluster("merged"), 0.1, sentBy(2));
      await until(it.merges ? 3 : 2);
      expect(taken.get("team-a/late")).toEqual([expect.any(Number), sentBy(1)]);
      expect(taken.get("team-a/held")).toEqual([expect.any(Number), undefined]);
      expect(taken.get("team-a/late")?.[0]).toBeGreaterThanOrEqual(350);
      expect(taken.get("team-a/held")?.[0]).toBeLessThan(900);
      if (it.merges) expect(taken.get("team-a/merged")).toEqual([expect.any(Number), sentBy(1)]);
    });

    test("a message sent while its equal is being handled comes again", async () => {
      const queue = open();
      const { handle, until } = notingHandler(async (message, nth) => {
        if (nth === 1) await queue.enqueue(message, 0);
      });
      queue.start(handle);
      await queue.enqueue(cluster("dev"), 0);
      await until(2);
    });

    test("a failed message comes again after a second, and no more once it is handled", async () => {
      const queue = open();
      const times: number[] = [];
      const { handle, seen, until } = notingHandler(async (_message, nth) => {
        times.push(clock.nowMs());
        if (nth === 1) throw new Error("the cloud is away");
      });
      queue.start(handle);
      await queue.enqueue(cluster("dev"), 0);
      await until(2);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950 - it.stepMs);
      await queue.stop();
      expect(seen).toHaveLength(2);
    });

    test("handles eight at once and no more, stop waits for them, and the others stay for another", async () => {
      const [queue, other] = [open(), open()];
      const doors: (() => void)[] = [];
      let [now, most, ended] = [0, 0, 0];
      const { handle, until } = notingHandler(async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => doors.push(resolve));
        now -= 1;
        ended += 1;
      });
      for (let i = 0; i < 12; i += 1) await queue.enqueue(cluster(`c${i}`), 0);
      queue.start(handle);
      await until(8);
      await clock.wait(100);
      expect(most).toBe(8);
      const stopped = queue.stop();
      for (const openOne of doors) openOne();
      await stopped;
      expect(ended).toBe(8);
      const rest = notingHandler();
      other.start(rest.handle);
      await rest.until(4);
    });

    test("passes of one team don't keep another's waiting, nor a question, where the queue shares out its handlers", async () => {
      if (!it.shares) return;
      const queue = open();
      const doors: (() => void)[] = [];
      const { handle, seen, until } = notingHandler(() => new Promise((resolve) => doors.push(resolve)));
      for (let i = 0; i < 30; i += 1) await queue.enqueue(cluster(`c${i}`), 0);
      const other: Message = { is: "reconcile", cluster: "team-b/dev" };
      const question: Message = { is: "ask", what: "lb", cluster: "team-a/dev", channel: "C0TEAMA", user: "U0DEV" };
      await queue.enqueue(other, 0);
      await queue.enqueue(question, 0);
      queue.start(handle);
      await until(10);
      expect(seen[0]).toEqual(question);
      expect(seen).toContainEqual(other);
      await clock.wait(100);
      expect(seen).toHaveLength(10);
      const stopped = queue.stop();
      for (const openOne of doors) openOne();
      await stopped;
      // What was put off is there for another.
      const rest = notingHandler();
      open().start(rest.handle);
      await rest.until(22);
    });

    test("a closed queue refuses messages", async () => {
      const queue = open();
      await queue.close();
      await expect(queue.enqueue(cluster("dev"), 0)).rejects.toThrow("The queue is closed.");
      await queue.close();
    });
  });
}
