import type { Chance, Clock } from "../../shared/ports/clock.ts";
import { BOT, type Json, Refusal, TEAM } from "./model.ts";

/*
 * Tokens of an app with token rotation. Source: https://docs.slack.dev/authentication/using-token-rotation and the errors of
 * https://docs.slack.dev/reference/methods/oauth.v2.access
 */
const LIFE_SECONDS = 43_200;
const ACTIVE_MAX = 2;
/** Slack speaks of "a short grace period" for a refresh token that was spent, and not of its length. */
const GRACE_MS = 30_000;

/** The app's credentials, and the refresh token that its page shows after the installation. */
export interface Rotation {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

interface Issued {
  readonly endsMs: number;
  revoked: boolean;
}

export interface Oauth {
  /** @throws Refusal `invalid_auth`, `token_expired`, `token_revoked` */
  authorise(token: string): void;
  /** `oauth.v2.access`, as far as it renews tokens. @throws Refusal */
  access(args: Json): Json;
  /** What somebody does on the app's page: a new refresh token, beside all that was given out before. */
  reinstall(): string;
  /** As auth.revoke does with one token. */
  revoke(token: string): void;
}

/** `token`: of an app without rotation, or the first one of an app with it. */
export function createOauth(token: string, rotation: Rotation | undefined, clock: Clock, chance: Chance): Oauth {
  const tokens = new Map<string, Issued>();
  const spentMs = new Map<string, number | undefined>();
  const issue = (name: string): void => {
    tokens.set(name, { endsMs: clock.nowMs() + LIFE_SECONDS * 1000, revoked: false });
    const active = [...tokens.values()].filter(({ endsMs, revoked }) => !revoked && endsMs > clock.nowMs());
    for (const oldest of active.slice(0, -ACTIVE_MAX)) oldest.revoked = true;
  };
  const newRefresh = (): string => {
    const refresh = `xoxe-1-${chance.token(24)}`;
    spentMs.set(refresh, undefined);
    return refresh;
  };
  if (rotation !== undefined) {
    issue(token);
    spentMs.set(rotation.refreshToken, undefined);
  }

  return {
    authorise(given) {
      if (rotation === undefined && given === token) return;
      const found = rotation === undefined ? undefined : tokens.get(given);
      if (found === undefined) throw new Refusal("invalid_auth");
      if (found.revoked) throw new Refusal("token_revoked");
      if (found.endsMs <= clock.nowMs()) throw new Refusal("token_expired");
    },

    access(args) {
      if (rotation === undefined || args["client_id"] !== rotation.clientId) throw new Refusal("invalid_client_id");
      if (args["client_secret"] !== rotation.clientSecret) throw new Refusal("bad_client_secret");
      if (args["grant_type"] !== "refresh_token") throw new Refusal("invalid_grant_type");
      const spending = String(args["refresh_token"]);
      const before = spentMs.get(spending);
      const isOver = before !== undefined && clock.nowMs() - before > GRACE_MS;
      if (!spentMs.has(spending) || isOver) throw new Refusal("invalid_refresh_token");
      spentMs.set(spending, before ?? clock.nowMs());
      const fresh = `xoxe.xoxb-1-${chance.token(24)}`;
      issue(fresh);
      return {
        access_token: fresh,
        expires_in: LIFE_SECONDS,
        refresh_token: newRefresh(),
        token_type: "bot",
        scope: "chat:write,commands",
        bot_user_id: BOT.user,
        app_id: BOT.app,
        team: { id: TEAM.id, name: TEAM.name },
        enterprise: null,
      };
    },

    reinstall: newRefresh,

    revoke(name) {
      const found = tokens.get(name);
      if (found !== undefined) found.revoked = true;
    },
  };
}
