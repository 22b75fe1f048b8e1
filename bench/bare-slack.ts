import { App, ExpressReceiver } from "@slack/bolt";
import serverless from "serverless-http";

/** The least that Bolt is on AWS: it acknowledges. What a cold start of ours is beside. */
const receiver = new ExpressReceiver({
  signingSecret: process.env["SLACK_SIGNING_SECRET"] ?? "",
  endpoints: "/slack/events",
  processBeforeResponse: true,
});
const app = new App({ receiver, authorize: async () => ({}) });
app.command("/k8s", async ({ ack }) => ack("ok"));

export const handler = serverless(receiver.app);
