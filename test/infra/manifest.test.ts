import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { EXAMPLE_URL, MANIFEST, manifest, scopes, scopesOf } from "../../infra/manifest.ts";

// Goal: an app that is created from the manifest may do what the code does, and nothing else.

test("the file is what the code makes: npm run manifest", () => {
  expect(readFileSync(MANIFEST, "utf8")).toBe(manifest(EXAMPLE_URL));
});

test("the scopes are the smallest, and every event and the command is there", () => {
  expect(scopes()).toEqual([
    "channels:history",
    "chat:write",
    "commands",
    "groups:history",
    "usergroups:read",
    "users:read",
  ]);
  expect(parse(manifest("https://bot.example.org/slack/events"))).toMatchObject({
    features: { slash_commands: [{ command: "/k8s", url: "https://bot.example.org/slack/events" }] },
    settings: {
      event_subscriptions: { bot_events: ["app_home_opened"], request_url: "https://bot.example.org/slack/events" },
      interactivity: { is_enabled: true },
    },
  });
});

test("every method that is called is called under its own name, so it is measured, and its scopes are looked up", () => {
  const text = readdirSync("shared/adapters")
    .map((file) => readFileSync(`shared/adapters/${file}`, "utf8"))
    .join("\n");
  const all = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
  const called = all(/\bclient\.([a-z]\w*\.[\w.]+)\(/g);
  expect(called.length).toBeGreaterThan(8);
  // What renews the token is no call of the bot's.
  expect(called.filter((name) => name !== "oauth.v2.access")).toEqual(all(/\bcall\(\s*"([\w.]+)"/g));
});

test("a method that nobody has looked up stops the manifest", () => {
  expect(() => scopesOf('await client.reactions.add({ channel, name: "eyes" })')).toThrow(
    "Which scopes does reactions.add need? Add them to infra/manifest.ts.",
  );
  expect(scopesOf("client.users.info({ user })")).toEqual(["commands", "users:read"]);
});

test("within Slack's limits", () => {
  const { display_information: shown, features } = parse(manifest(EXAMPLE_URL));
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description.length).toBeLessThanOrEqual(140);
  expect(features.bot_user.display_name.length).toBeLessThanOrEqual(80);
  expect(features.slash_commands[0].description.length).toBeLessThanOrEqual(2000);
});
