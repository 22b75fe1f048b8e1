import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { SlackError, type SlackMessage } from "../shared/ports/slack.ts";
import { rulesFor, type Wisher } from "./may.ts";
import { isAmong } from "./people.ts";
import { openRequests } from "./records.ts";
import { type OpenRequest, REQUESTS_PAGE, requestsMessage } from "./views/requests.ts";

export interface RequestsQuestion {
  readonly mine: boolean;
  readonly page: number;
}

/** Reads `<mine|all>:<page>`. */
export function readTurn(value: string): RequestsQuestion | undefined {
  const [, those, page] = /^(mine|all):(\d{1,4})$/.exec(value) ?? [];
  return page === undefined ? undefined : { mine: those === "mine", page: Number(page) };
}

/** Whether a person may decide, for many requests: Slack is asked once for each list of approvers. */
function decider(deps: Pick<Deps, "slack" | "config" | "log">, user: string) {
  const known = new Map<string, Promise<boolean>>();
  return (request: Request): Promise<boolean> => {
    const { approvers } = rulesFor(deps, request);
    const key = approvers.join(" ");
    const asked =
      known.get(key) ??
      isAmong(deps, approvers, user).catch((error: unknown) => {
        if (!(error instanceof SlackError)) throw error;
        deps.log.warn("approvers.unknown", { code: error.code });
        // The button asks again.
        return true;
      });
    known.set(key, asked);
    return asked;
  };
}

const end = ({ expiresMs }: Request): number => expiresMs ?? Number.POSITIVE_INFINITY;

/** Requests of a tenant that wait, the one that lapses first at the top. */
export async function requestsPage(
  deps: Pick<Deps, "store" | "slack" | "config" | "log" | "clock">,
  { user, tenant }: Wisher,
  { mine, page }: RequestsQuestion,
): Promise<SlackMessage> {
  const nowMs = deps.clock.nowMs();
  const found = (await openRequests(deps, tenant))
    .filter((request) => end(request) > nowMs && (!mine || request.requester === user))
    .sort((a, b) => end(a) - end(b) || a.createdMs - b.createdMs);
  const decides = decider(deps, user);
  const all: readonly OpenRequest[] = await Promise.all(
    found.map(async (request) => ({ request, rules: rulesFor(deps, request), decides: await decides(request) })),
  );
  const at = Math.min(page, Math.max(0, Math.ceil(all.length / REQUESTS_PAGE) - 1));
  const forViewer = all.filter(
    ({ request, decides: may }) => may && request.state === "waiting" && request.requester !== user,
  ).length;
  const open = all.slice(at * REQUESTS_PAGE, (at + 1) * REQUESTS_PAGE);
  return requestsMessage({ tenant, viewer: user, mine, page: at, open, count: all.length, forViewer });
}
