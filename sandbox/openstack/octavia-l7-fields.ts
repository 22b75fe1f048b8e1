import { type Json, numberAt, textAt } from "./json.ts";
import { among, type Check, type Fields, flag, text, texts, uuid, whole } from "./octavia-input.ts";
import type { Policy } from "./octavia-rows.ts";
import { Fault } from "./service.ts";

/* Of policies and rules. Sources: octavia/api/v2/types/l7policy.py and l7rule.py, octavia/common/validate.py. */

const LONG = 255;
const POSITION_MAX = 2_147_483_647;
const ACTIONS = ["REJECT", "REDIRECT_TO_URL", "REDIRECT_TO_POOL", "REDIRECT_PREFIX"];
const TYPES = ["HOST_NAME", "PATH", "FILE_TYPE", "HEADER", "COOKIE"];
const SSL_TYPES = ["SSL_CONN_HAS_CERT", "SSL_VERIFY_RESULT", "SSL_DN_FIELD"];
const COMPARES = ["REGEX", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "EQUAL_TO"];
const CODES = ["301", "302", "303", "307", "308"];

const url: Check = (value) =>
  typeof value === "string" && /^https?:\/\/[^\s/]+\S*$/.test(value)
    ? undefined
    : { field: "Value must be a valid URL string" };

const labels: Fields = { admin_state_up: { check: flag }, tags: { check: texts(LONG) } };
const owned: Fields = { project_id: { check: text(36) }, tenant_id: { check: text(36) } };

export const POLICY_CHANGE: Fields = {
  ...labels,
  name: { check: text(LONG) },
  description: { check: text(LONG) },
  action: { check: among(...ACTIONS) },
  redirect_pool_id: { check: uuid },
  redirect_url: { check: url },
  redirect_prefix: { check: url },
  position: { check: whole(1, POSITION_MAX) },
  redirect_http_code: { check: among(...CODES) },
};
export const POLICY: Fields = {
  ...POLICY_CHANGE,
  ...owned,
  action: { check: among(...ACTIONS), must: true },
  listener_id: { check: uuid, must: true },
};

const type = among(...TYPES, ...SSL_TYPES);
export const RULE_CHANGE: Fields = {
  ...labels,
  type: { check: type },
  compare_type: { check: among(...COMPARES) },
  key: { check: text(LONG) },
  value: { check: text(LONG) },
  invert: { check: flag },
};
export const RULE: Fields = {
  ...RULE_CHANGE,
  ...owned,
  type: { check: type, must: true },
  compare_type: { check: among(...COMPARES), must: true },
  value: { check: text(LONG), must: true },
};

const FOUND = 302;
const wrong = (why: string) => new Fault(400, `Invalid L7 Policy arguments: ${why}`);
const unruly = (why: string) => new Fault(400, `Error parsing L7Rule: Invalid L7 Rule: ${why}`);

type Target = Pick<Policy, "action" | "redirect_pool_id" | "redirect_url" | "redirect_prefix" | "redirect_http_code">;

const NOWHERE = { redirect_pool_id: null, redirect_url: null, redirect_prefix: null, redirect_http_code: null };

/** Where a policy leads: what its action needs, and nothing of what others need. `now` is the policy that is there. */
export function targetIn(asked: Json, now?: Policy): Target {
  const action = textAt(asked, "action");
  const [pool, url, prefix] = ["redirect_pool_id", "redirect_url", "redirect_prefix"].map((key) => textAt(asked, key));
  if (action === "REJECT") return { ...NOWHERE, action };
  if (action === "REDIRECT_TO_URL" && url === undefined) throw wrong("redirect_url must not be None");
  if (action === "REDIRECT_TO_POOL" && pool === undefined)
    throw wrong("redirect_pool_id or redirect_pool must not be None");
  if (action === "REDIRECT_PREFIX" && prefix === undefined) throw wrong("redirect_prefix must not be None");
  const [toPool, toUrl] = [
    action === "REDIRECT_TO_URL" ? undefined : pool,
    action === "REDIRECT_TO_POOL" ? undefined : url,
  ];
  if (toPool !== undefined && (toUrl ?? prefix) !== undefined)
    throw wrong("Cannot specify redirect_pool_id and redirect_url or redirect_prefix at the same time");
  if (toPool !== undefined) return { ...NOWHERE, action: "REDIRECT_TO_POOL", redirect_pool_id: toPool };
  const code = numberAt(asked, "redirect_http_code");
  const redirect_http_code = code ?? FOUND;
  if (prefix !== undefined)
    return { ...NOWHERE, action: "REDIRECT_PREFIX", redirect_prefix: prefix, redirect_http_code };
  if (toUrl !== undefined) return { ...NOWHERE, action: "REDIRECT_TO_URL", redirect_url: toUrl, redirect_http_code };
  return {
    action: now?.action ?? "REJECT",
    redirect_pool_id: now?.redirect_pool_id ?? null,
    redirect_url: now?.redirect_url ?? null,
    redirect_prefix: now?.redirect_prefix ?? null,
    redirect_http_code: code ?? now?.redirect_http_code ?? null,
  };
}

export function checkRule(asked: Json): void {
  const [kind = "", compare = ""] = [textAt(asked, "type"), textAt(asked, "compare_type")];
  if ((textAt(asked, "value") ?? "") === "") throw unruly("L7 rule type requires a value");
  if (["HEADER", "COOKIE"].includes(kind) && (textAt(asked, "key") ?? "") === "")
    throw unruly("L7 rule type requires a key");
  const known = kind === "FILE_TYPE" ? ["REGEX", "EQUAL_TO"] : COMPARES;
  if (!known.includes(compare)) throw unruly("invalid comparison type for rule type");
}
