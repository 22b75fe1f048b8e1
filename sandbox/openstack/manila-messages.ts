import { rootOf, type World } from "./core.ts";
import type { Json } from "./json.ts";
import { bad, from, notFound, timeOf, windowOf } from "./manila-common.ts";
import type { Handle, SandboxRequest } from "./service.ts";

const KEPT_MS = 30 * 86_400_000;

/** What Manila tells a user about a failure that came after its answer; the ids are Manila's own. */
export interface Cause {
  readonly action: readonly [id: string, name: string];
  readonly detail: readonly [id: string, text: string];
}

interface Message extends Cause {
  readonly id: string;
  readonly project: string;
  readonly share: string;
  readonly atMs: number;
  readonly call: string;
}

/** No table: messages outlive what they are about, and are no resource of the project that had it. */
export interface Messages {
  tell(project: string, share: string, cause: Cause): void;
  readonly routes: Readonly<Record<string, Handle>>;
}

function view(request: SandboxRequest, message: Message): Json {
  const root = rootOf(request, "shared-file-system");
  return {
    id: message.id,
    project_id: message.project,
    action_id: message.action[0],
    detail_id: message.detail[0],
    message_level: "ERROR",
    created_at: timeOf(message.atMs),
    expires_at: timeOf(message.atMs + KEPT_MS),
    request_id: `req-${message.call}`,
    links: [
      { rel: "self", href: `${root}/v2/messages/${message.id}` },
      { rel: "bookmark", href: `${root}/messages/${message.id}` },
    ],
    resource_type: "SHARE",
    resource_id: message.share,
    user_message: `${message.action[1]}: ${message.detail[1]}`,
  };
}

export function messagesOf(world: World): Messages {
  const all: Message[] = [];
  const mine = (request: SandboxRequest) =>
    all.filter((message) => message.project === request.project && message.atMs + KEPT_MS > world.nowMs());
  return {
    tell(project, share, cause) {
      all.push({ ...cause, id: world.uuid(), project, share, atMs: world.nowMs(), call: world.uuid() });
    },
    routes: {
      "GET /v2/messages": from("2.37", (request) => {
        const about = request.query.get("resource_id");
        const asked = request.query.get("limit") ?? "";
        if (!/^\d*$/.test(asked)) {
          const why = `Value: ${asked}. '${asked}' does not match '^[0-9]*$'`;
          throw bad(`Invalid input for field/attribute 0. ${why}`);
        }
        const { limit = Number.POSITIVE_INFINITY, offset } = windowOf(request);
        const found = mine(request).filter((message) => about === null || message.share === about);
        const shown = found.toReversed().slice(offset, offset + limit);
        return { status: 200, body: { messages: shown.map((message) => view(request, message)) } };
      }),
      "GET /v2/messages/:id": from("2.37", (request, { id }) => {
        const message = mine(request).find((one) => one.id === id);
        if (message === undefined) throw notFound(`Message ${id} could not be found.`);
        return { status: 200, body: { message: view(request, message) } };
      }),
    },
  };
}
