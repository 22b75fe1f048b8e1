import { flushCompileCache } from "node:module";
import process from "node:process";
import { request } from "undici";
import { compose } from "../../functions/compose.ts";
import { health } from "../../handlers/health.ts";
import { listenOn, work } from "../../handlers/run.ts";
import { slackApp } from "../../handlers/slack/app.ts";
import type { KubernetesDialer, KubernetesResponse } from "../../shared/kubernetes/send.ts";

/** Clusters that are reached through the process that plays the cloud: its floating IPs lead nowhere. */
const dialer = (url: string): KubernetesDialer => ({
  connect: async (key) => async (asked) => {
    const body = JSON.stringify({ key, asked });
    const answer = await request(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    if (answer.statusCode !== 200) throw new Error(await answer.body.text());
    return (await answer.body.json()) as KubernetesResponse;
  },
  urlOf: async ({ name, port }) => `https://${name}:${port}`,
});

/** `server.ts`, but for the clusters' own APIs. */
const composed = compose();
if ("problems" in composed) throw new Error(composed.problems.join("\n"));
const deps = { ...composed.deps, kubernetes: dialer(process.env["KUBERNETES_URL"] ?? "") };
const web = slackApp(deps, { signingSecret: composed.signingSecret }).express;
web.use(health(deps));
void listenOn(web, composed.port, "127.0.0.1").then(() => {
  work(deps, composed.worker);
  flushCompileCache();
});
