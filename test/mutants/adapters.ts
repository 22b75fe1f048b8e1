import { among, type Mutant } from "./mutant.ts";

const at = (name: string): string => `test/shared/adapters/${name}.test.ts`;
const [queue, redis, web, tokens] = [at("queue"), at("redis-queue.servers"), at("slack-web"), at("slack-token")];
const [exchanged, logs, clouds] = [at("slack-token-exchange"), at("pino-log"), "test/shared/openstack/clouds.test.ts"];

const queues: readonly Mutant[] = [
  ...among({ file: "shared/adapters/redis-queue.ts", tests: [redis] }, [
    {
      name: "a message that was brought forward once is not brought forward again",
      find: "const { dueMs = waiting.timestamp + waiting.delay } = waiting.data;",
      replace: "const dueMs = waiting.timestamp + waiting.delay;",
      only: "brought forward twice",
    },
    {
      name: "a message whose handler fails while Redis is away is lost",
      find: "...ends, ...KEPT };",
      replace: "...ends };",
      only: "fails while the server is away",
    },
  ]),
  ...among({ file: "shared/adapters/redis-receiver.ts", tests: [redis], only: "put off for others" }, [
    {
      name: "what is put off for others comes a minute late",
      find: "job.moveToDelayed(Date.now() + NO_ROOM_MS, token)",
      replace: "job.moveToDelayed(Date.now() + 60 * NO_ROOM_MS, token)",
    },
  ]),
  ...among({ file: "shared/adapters/redis.ts", tests: [redis], only: "after a failover" }, [
    {
      name: "after a failover everybody stays with a Redis that takes no more writes",
      find: 'message.includes("READONLY")',
      replace: 'message.includes("LOADING")',
    },
  ]),
  ...among({ file: "shared/adapters/sqs-queue.ts", tests: [at("sqs-faults")] }, [
    {
      name: "a worker ends before its handlers when SQS does not take what became of one message",
      find: '.catch((failed: unknown) => {\n      log?.error("queue.failed", { reason: reasonOf(failed) });\n    })',
      replace: "",
    },
  ]),
  ...among({ file: "shared/adapters/queue-worker.ts", tests: [queue] }, [
    {
      name: "what fails on and on comes once in ten minutes",
      find: "const BACKOFF_MAX_SECONDS = 60;",
      replace: "const BACKOFF_MAX_SECONDS = 600;",
    },
  ]),
  ...among({ file: "shared/adapters/memory-queue.ts", tests: [queue] }, [
    {
      name: "what is sent again between its failures begins anew",
      find: "Math.max(failures, equal?.failures ?? 0)",
      replace: "failures",
    },
  ]),
  ...among({ file: "shared/adapters/sqlite-queue.ts", tests: [queue] }, [
    {
      name: "SQLite: what is sent again between its failures begins anew",
      find: "failures = max(failures, excluded.failures)",
      replace: "failures = failures",
    },
    {
      name: "SQLite: a handler that fails late brings back what another has handled",
      find: "if (sql.done.run({ taken }).changes === 1) sql.put",
      replace: "sql.done.run({ taken });\n      sql.put",
    },
  ]),
];

const servers = at("store.servers");
const written: readonly Mutant[] = [
  ...among({ file: "shared/adapters/redis-store.ts", tests: [servers], only: "redis store" }, [
    {
      name: "what comes for ever ends with what was there before it",
      find: "if stop == '0' then redis.call('ZREM', ends, key) else redis.call('ZADD', ends, stop, key) end",
      replace: "if stop ~= '0' then redis.call('ZADD', ends, stop, key) end",
    },
    {
      name: "a listing ends with a page of what has expired",
      find: "if #some < tonumber(ARGV[4]) then break end",
      replace: "break",
    },
    {
      name: "what has expired stays in Redis for ever",
      find: "do drop(key) end",
      replace: "do end",
      tests: [redis],
      only: "what has ended is removed",
    },
  ]),
  ...among({ file: "shared/adapters/redis.ts", tests: [redis], only: "whose answer is lost" }, [
    {
      name: "a write whose answer was lost is sent to Redis once more",
      find: "maxRetriesPerRequest: 1, autoResendUnfulfilledCommands: false",
      replace: "maxRetriesPerRequest: 20",
    },
  ]),
  ...among({ file: "shared/adapters/postgres-store.ts", tests: [servers], only: "postgres: ten" }, [
    {
      name: "what has expired stays in PostgreSQL for ever",
      find: "      if (next.ttlMs !== undefined) await query(SQL.expire, [now()]);\n",
      replace: "",
    },
  ]),
  ...among({ file: "shared/adapters/dynamo-inputs.ts", tests: [at("dynamo-inputs")] }, [
    {
      name: "DynamoDB is told an end in milliseconds",
      find: "String(Math.ceil(endMs / 1000))",
      replace: "String(endMs)",
    },
    {
      name: "a read from DynamoDB may lag",
      find: "  ConsistentRead: true,\n",
      replace: "",
    },
  ]),
];

const slack: readonly Mutant[] = [
  ...among({ file: "shared/adapters/slack-error.ts", tests: [web] }, [
    {
      name: "Slack's own trouble is taken for a refusal",
      find: "if (OWN_TROUBLE.has(said))",
      replace: "if (OWN_TROUBLE.has(`${said}?`))",
    },
    {
      name: "a rate limit in the other of Slack's two spellings is taken for a refusal",
      find: 'said === "rate_limited"',
      replace: 'said === "rate-limited"',
    },
  ]),
  ...among({ file: "shared/adapters/slack-web.ts", tests: [web] }, [
    {
      name: "what was posted into a long thread is not found",
      find: "thread === undefined ? NEWEST : OF_THREAD",
      replace: "NEWEST",
    },
    {
      name: "a link in a message gets a preview",
      find: "        unfurl_links: false,\n",
      replace: "",
    },
    {
      name: "progress that has to wait is a rate limit in the figures",
      find: 'if (progressOf === undefined) tell("ratelimited");',
      replace: 'tell("ratelimited");',
    },
    {
      name: "a call is made a moment before Slack allows it",
      find: "Math.ceil(rest > 0 ? rest",
      replace: "Math.floor(rest > 0 ? rest",
    },
    {
      name: "the first token's client is everybody's",
      find: "if (made?.token === token) return made;",
      replace: "if (made !== undefined) return made;",
    },
  ]),
  ...among({ file: "shared/adapters/slack-token.ts", tests: [web] }, [
    {
      name: "a token that Slack calls invalid is kept",
      find: ', "invalid_auth"',
      replace: "",
    },
  ]),
  ...among({ file: "shared/adapters/slack-token-exchange.ts", tests: [exchanged] }, [
    {
      name: "a refresh token that Slack has revoked has no advice",
      find: "  token_revoked: SPENT,\n",
      replace: "",
    },
    {
      name: "an answer without a refresh token is gone on with",
      find: "next === undefined || seconds",
      replace: "seconds",
    },
    {
      name: "a renewal waits for as long as Slack's rate limit says",
      find: "rejectRateLimitedCalls: true",
      replace: "rejectRateLimitedCalls: false",
    },
  ]),
  ...among({ file: "shared/adapters/slack-token-rotation.ts", tests: [tokens] }, [
    {
      name: "a process that slept ends the lease of who has it now",
      find: "if (clock.nowMs() < leaseEndsMs) await release();",
      replace: "await release();",
    },
    {
      name: "a renewal that is not written down lets the next one spend a spent token",
      find: 'log.error("slack.unsaved"',
      replace: 'await release();\n      log.error("slack.unsaved"',
    },
    {
      name: "a renewal that failed once is not tried again",
      find: "const AGAIN_MS = 60_000;",
      replace: "const AGAIN_MS = 60_000_000;",
    },
  ]),
  ...among({ file: "shared/adapters/slack-budget.ts", tests: [at("slack-budget")] }, [
    {
      name: "who was shown an hour ago still takes a turn",
      find: "if (now - atMs > MINUTE_MS) shown.delete(one);",
      replace: "if (now - atMs > 60 * MINUTE_MS) shown.delete(one);",
    },
  ]),
  ...among({ file: "shared/adapters/socket-mode.ts", tests: ["test/functions/socket.test.ts"] }, [
    {
      name: "a process ends in the middle of an answer",
      find: "      await Promise.all(running);\n",
      replace: "",
    },
  ]),
];

const outside: readonly Mutant[] = [
  ...among({ file: "shared/adapters/redaction.ts", tests: [logs] }, [
    {
      name: "a password with signs in it is in the log as JSON spells it",
      find: "whole.flatMap(spellings)",
      replace: "whole",
    },
    {
      name: "a JSON web token is in the log",
      find: "  [/\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*/g, MASK],\n",
      replace: "",
    },
    {
      name: "a private key is in the log by its field",
      find: '"private_?key", ',
      replace: "",
    },
  ]),
  ...among({ file: "shared/adapters/undici-send.ts", tests: [at("undici-tls")] }, [
    {
      name: "behind a proxy a cloud's own authority is not believed",
      find: ", requestTls: tls });",
      replace: " });",
    },
    {
      name: "of a header that comes twice one is lost",
      find: 'value.join(", ")',
      replace: "String(value[0])",
    },
  ]),
  ...among({ file: "shared/adapters/undici-kubernetes.ts", tests: [at("undici-kubernetes")] }, [
    {
      name: "an IPv6 address is no host",
      find: "isIPv6(access.address) ? `[${access.address}]` : access.address",
      replace: "access.address",
    },
  ]),
  ...among({ file: "shared/adapters/cloud-files.ts", tests: [at("cloud-files")] }, [
    {
      name: "a clouds.yaml that can't be read is none",
      find: 'code === "ENOENT" || code === "ENOTDIR"',
      replace: 'code !== "EISDIR"',
    },
  ]),
  ...among({ file: "shared/adapters/emf.ts", tests: [at("metrics")] }, [
    {
      name: "figures of other labels are one figure",
      find: "[label, labels[label]]",
      replace: "[label]",
    },
  ]),
  ...among({ file: "shared/openstack/clouds.ts", tests: [clouds] }, [
    {
      name: "the variables are not asked beside a file with one cloud",
      find: 'names.length === 1 && variables["auth_url"] === undefined',
      replace: "names.length === 1",
    },
  ]),
  ...among({ file: "shared/openstack/clouds-auth.ts", tests: [clouds] }, [
    {
      name: "a credential that is left over goes before the login that is named",
      find: 'type === undefined && read("application_credential_secret") !== undefined',
      replace: 'type !== "password" && read("application_credential_secret") !== undefined',
    },
  ]),
  ...among({ file: "shared/openstack/retry.ts", tests: ["test/shared/openstack/deadline.test.ts"] }, [
    {
      name: "a service that had too little time to answer is away",
      find: "if (whole) turn?.failed",
      replace: "turn?.failed",
    },
  ]),
];

const started: readonly Mutant[] = [
  ...among({ file: "functions/compose.ts", tests: ["test/functions/compose-log.test.ts"] }, [
    {
      name: "clouds' passwords are in the log",
      find: ", appToken, ...passwords];",
      replace: ", appToken];",
    },
    {
      name: "Slack's signing secret is in the log",
      find: "signingSecret, appToken, ",
      replace: "appToken, ",
    },
  ]),
  ...among({ file: "functions/slack-token.ts", tests: ["test/functions/compose-log.test.ts"] }, [
    {
      name: "the client's secret is in the log",
      find: "[token.refreshToken, token.clientSecret]",
      replace: "[token.refreshToken]",
    },
  ]),
];

/** What stands between us and those outside: queues, Slack, files, logs and clouds. */
export const adapters: readonly Mutant[] = [...queues, ...written, ...slack, ...outside, ...started];
