import { readdirSync, readFileSync } from "node:fs";
import { stringify } from "yaml";

/** What a method of Slack's Web API needs, each from its page on https://docs.slack.dev/reference/methods. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.replies": ["channels:history", "groups:history"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read"],
  "views.open": [],
  "views.update": [],
  "views.publish": [],
  "oauth.v2.access": [],
};
/** `client.usergroups.users.list(`: every call of the Web API is one of these. */
const METHOD = /\bclient\.([a-z]\w*(?:\.\w+)+)\(/g;

const textOf = (folder: string): string =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
    .join("\n");

const found = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))].sort();

/** The bot scopes that this code needs, and no more. @throws Error for a method whose scopes nobody has looked up. */
export function scopesOf(code: string): readonly string[] {
  const needed = found(code, METHOD).flatMap((method) => {
    const those = SCOPES[method];
    if (those === undefined) throw new Error(`Which scopes does ${method} need? Add them to infra/manifest.ts.`);
    return those;
  });
  return [...new Set(["commands", ...needed])].sort();
}

export const scopes = (): readonly string[] => scopesOf(textOf("shared/adapters"));

/** The app as Slack wants it described, made of the code. `url`: where Slack's requests go; Socket Mode needs none. */
export function manifest(url: string): string {
  const listeners = textOf("handlers/slack");
  const events = found(listeners, /app\.event\("(\w+)"/g);
  const [command = ""] = found(readFileSync("handlers/command.ts", "utf8"), /"(\/[a-z0-9]+)"/g);
  const described = {
    display_information: {
      name: "kinvirt",
      description: "Kubernetes clusters on OpenStack, asked for and approved in Slack",
      background_color: "#1f3b57",
    },
    features: {
      ...(events.includes("app_home_opened")
        ? { app_home: { home_tab_enabled: true, messages_tab_enabled: false, messages_tab_read_only_enabled: true } }
        : {}),
      bot_user: { display_name: "kinvirt", always_online: true },
      slash_commands: [
        {
          command,
          url,
          description: "Kubernetes clusters: ask, watch, delete",
          usage_hint: "create dev --rwx 100G | status dev | help",
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: scopes() } },
    settings: {
      event_subscriptions: { request_url: url, bot_events: events },
      interactivity: { is_enabled: true, request_url: url },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
  return `# Made by \`npm run manifest\` of what the code uses: change the code, not this file. Put your host in place of HOST, and for\n# Socket Mode set socket_mode_enabled to true.\n${stringify(described)}`;
}

export const MANIFEST = "infra/slack-manifest.yaml";
export const EXAMPLE_URL = "https://HOST/slack/events";
