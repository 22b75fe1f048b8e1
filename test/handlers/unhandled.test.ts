import { connect } from "node:net";
import express from "express";
import { download } from "../../handlers/download.ts";
import { listenOn, type Running } from "../../handlers/run.ts";
import { slackApp } from "../../handlers/slack/app.ts";
import { unhandled } from "../../handlers/unhandled.ts";
import { desk } from "./desk.ts";

// Goal: whoever is on the internet learns nothing of the inside by requests that break, and holds nothing by slow ones.
let front: Running;
let written: string[];
let inside: ReturnType<typeof desk>;

const spied = jest.spyOn(console, "error");
beforeEach(async () => {
  written = [];
  spied.mockImplementation((...words: unknown[]) => void written.push(words.join(" ")));
  inside = desk();
  const web = slackApp(inside.deps, { signingSecret: "signing-secret-of-the-test" }).express;
  const broken = express.Router().get("/broken", () => {
    throw new Error("of /work/inside");
  });
  web.use(download(inside.deps), broken, unhandled(inside.deps.log));
  front = await listenOn(web, 0, "127.0.0.1", 200);
});
afterEach(async () => {
  await front.stop();
  spied.mockReset();
});

/** All that comes back until the connection ends. */
const sent = (text: string): Promise<string> =>
  new Promise((done) => {
    let all = "";
    const line = connect(Number(new URL(front.url).port), "127.0.0.1", () => line.write(text));
    line.on("data", (part) => {
      all += String(part);
    });
    line.on("error", () => undefined);
    line.on("close", () => done(all));
  });

test.each([
  ["GET", "/kubeconfig/%E0%A4%A", 400],
  ["POST", "/kubeconfig/%", 400],
  ["GET", "/broken", 500],
])("%s %s says %i and nothing more", async (method, path, status) => {
  const answer = await fetch(`${front.url}${path}`, { method });
  expect({ status: answer.status, text: await answer.text() }).toEqual({ status, text: "This can't be answered." });
  expect(written).toEqual([]);
});

test.each([
  ["headers", "POST /slack/events HTTP/1.1\r\nhost: x\r\n"],
  ["a body", "POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\nhalf of it"],
])("%s that do not arrive are not waited for", async (_what, text) => {
  const begun = performance.now();
  expect(await sent(text)).toMatch(/^HTTP\/1.1 408 /);
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(written).toEqual([]);
});
