import { among, type Mutant } from "./mutant.ts";

const rest = "test/shared/openstack/rest.test.ts";
const pages = "test/shared/openstack/pages.test.ts";
const session = "test/shared/openstack/session.test.ts";
const trouble = "test/shared/openstack/trouble.test.ts";
const identity = "test/shared/openstack/identity.test.ts";

/** The OpenStack client. */
export const client: readonly Mutant[] = [
  ...among({ file: "shared/openstack/retry.ts", tests: [rest] }, [
    {
      name: "a POST is blindly repeated",
      find: '["GET", "HEAD", "PUT", "DELETE"]',
      replace: '["GET", "HEAD", "PUT", "DELETE", "POST"]',
    },
    {
      name: "a PATCH is blindly repeated",
      find: '["GET", "HEAD", "PUT", "DELETE"]',
      replace: '["GET", "HEAD", "PUT", "DELETE", "PATCH"]',
    },
    {
      name: "a lost GET is given up at once",
      find: '["GET", "HEAD", "PUT", "DELETE"]',
      replace: '["HEAD", "PUT", "DELETE"]',
    },
    {
      name: "Retry-After is not heeded",
      find: "const seconds = retryAfterSeconds(response, runtime.nowMs());",
      replace: "const seconds = retryAfterSeconds({ ...response, headers: {} }, runtime.nowMs());",
    },
    {
      name: "a Retry-After of a day is waited for",
      find: "Math.min(seconds * 1000, DELAY_MS_MAX)",
      replace: "seconds * 1000",
    },
    {
      name: "that an address has moved is not told",
      find: "    if (origin !== undefined) {",
      replace: "    if (origin === '') {",
    },
    {
      name: "an overloaded service (503) is not asked again",
      find: "[429, 502, 503, 504]",
      replace: "[429, 502, 504]",
    },
  ]),
  ...among({ file: "shared/openstack/rest.ts", tests: [rest] }, [
    {
      name: "a spent token (401) is not renewed",
      find: "if (response.status !== 401 || renewed) throw",
      replace: "if (response.status !== 401 || token.id !== '') throw",
    },
    {
      name: "a token is renewed again and again",
      find: "for (let renewed = false; ; renewed = true) {",
      replace: "for (let renewed = false, left = 9; ; renewed = left-- < 0) {",
    },
    {
      name: "a listing of an unknown shape is an empty one",
      find: "  if (answer.success) return answer.data;\n",
      replace: "  return (answer.data ?? {}) as T;\n",
      tests: [pages],
    },
    {
      name: "Nova's /v2, which drops what it does not know, is asked for microversions",
      find: '(await root()).segment === "v2.1";',
      replace: '(await root()).segment !== "";',
    },
    {
      name: "what a proxy hides is what Nova does not speak",
      find: "if (judges && (await documented()).length === 0) return;",
      replace: "void judges;",
    },
    {
      name: "a microversion that the cloud lacks is asked for",
      find: "compareVersions(call.microversion, maximum) <= 0) return;",
      replace: "compareVersions(call.microversion, maximum) !== 7) return;",
      tests: ["test/shared/openstack/catalog.test.ts", rest],
    },
  ]),
  ...among({ file: "shared/openstack/clouds-sections.ts", tests: ["test/shared/openstack/clouds.test.ts"] }, [
    {
      name: "a profile hides what the cloud says itself",
      find: "merged(profile, cloud)",
      replace: "merged(cloud, profile)",
    },
  ]),
  ...among({ file: "shared/openstack/catalog.ts", tests: ["test/shared/openstack/catalog.test.ts"] }, [
    {
      name: "a Keystone that is in another region's catalog is none",
      find: 'service === "identity" ? {',
      replace: 'service === ("" as never) ? {',
    },
    {
      name: "a Keystone of all regions makes people choose one",
      find: "regions.filter((region) => !isEverywhere(region))",
      replace: "[...regions]",
    },
    {
      name: "what is everywhere is nowhere",
      find: " ?? here.find((one) => isEverywhere(one.region))",
      replace: "",
    },
  ]),
  ...among({ file: "shared/openstack/pages.ts", tests: [pages] }, [
    {
      name: "paging stops after the first page",
      find: "search = nextPage(service, key, document, search);",
      replace: "search = undefined;",
    },
    {
      name: "a listing whose pages go in a circle never ends",
      find: "if (seen.has(body)) return items;",
      replace: "",
    },
    {
      name: "a listing takes all of the memory",
      find: "chars += body.length;",
      replace: "",
    },
    {
      name: "the address of a next page is as long as a service likes",
      find: "(search?.length ?? 0) > SEARCH_CHARS_MAX",
      replace: "search === undefined && chars < 0",
    },
    {
      name: "a page is put into one call's arguments",
      find: "for (const one of more) items.push(one);",
      replace: "items.push(...more);",
    },
    {
      name: "Manila's pages are followed by a marker that it does not read",
      find: 'if (service === "shared-file-system") {',
      replace: 'if (service === "dns" && key === "x") {',
    },
  ]),
  ...among({ file: "shared/openstack/session.ts", tests: [session] }, [
    { name: "a token is used up to its last second", find: "5 * 60_000", replace: "0" },
    {
      name: "a login that waits for a second factor is a wrong password",
      find: 'response.headers["openstack-auth-receipt"] !== undefined',
      replace: 'response.headers["openstack-auth-receipt"] === ""',
    },
    { name: "every call logs in", find: "pending ??= authenticate", replace: "pending = authenticate" },
    {
      name: "calls that met a 401 together renew one after another",
      find: "return current !== undefined && current.id !== spent.id ? current : login();",
      replace: "void spent;\n      return login();",
    },
    {
      name: "a deleted application credential is a missing resource",
      find: 'error.trouble === "missing" ? new OpenStackError({ ...error.detail, trouble: "denied" }) : error;',
      replace: "error;",
      tests: ["test/conformance/client.sandbox.test.ts"],
    },
  ]),
  ...among({ file: "shared/openstack/trouble.ts", tests: [trouble] }, [
    {
      name: "a full quota (403) is taken for a refusal of the credentials",
      find: "(status === 403 || status === 409) && full",
      replace: "status === 409 && full",
    },
    {
      name: "a full quota (409) is taken for a conflict that passes",
      find: "(status === 403 || status === 409) && full",
      replace: "status === 403 && full",
    },
    {
      name: "a service that is down (503) is said to refuse for good",
      find: "(status >= 500 && status !== 501 && status !== 505)",
      replace: "status === 500",
    },
    {
      name: "a secret that a service quotes is told to people",
      find: '    text = text.replaceAll(secret, "***");',
      replace: "    text = text.replaceAll(secret, secret);",
    },
    { name: "a token that a service quotes is told to people", find: '.replace(FERNET, "***")', replace: "" },
    {
      name: "an error has no request id for the cloud's operator",
      find: "if (requestId !== undefined) detail.requestId = requestId;",
      replace: "",
    },
    {
      name: "a page that closes nothing holds up everybody",
      find: '.join(" ").replace(/<[^<>]*>/g, " ");',
      replace: '.join(" ").replace(/<(style|h1)[\\s\\S]*?<\\/\\1>|<[^>]*>/g, " ");',
    },
    {
      name: "the error of a service may be as long as it likes",
      find: "text.slice(0, SAID_LENGTH)",
      replace: "text",
    },
    { name: "Nova's own words are lost", find: 'return String(nested["message"]);', replace: 'return "error";' },
  ]),
  ...among({ file: "shared/openstack/identity.ts", tests: [identity] }, [
    {
      name: "a credential with an empty list of access rules may do anything",
      find: "if (wanted.accessRules.length === 0) throw unrestricted(path);",
      replace: "",
    },
    { name: "a credential may make other credentials", find: "unrestricted: false", replace: "unrestricted: true" },
  ]),
  ...among({ file: "shared/openstack/network-collection.ts", tests: ["test/conformance/kinds.sandbox.test.ts"] }, [
    {
      name: "what is gone already (404) can't be deleted",
      find: 'await unlessMissing(endpoint.call({ method: "DELETE"',
      replace: 'await (endpoint.call({ method: "DELETE"',
    },
  ]),
  ...among({ file: "shared/adapters/pino-log.ts", tests: ["test/shared/adapters/pino-log.test.ts"] }, [
    {
      name: "the log shows secrets",
      find: ", log: clean }",
      replace: ", log: (fields) => ({ ...fields, ...(clean === undefined ? {} : {}) }) }",
    },
  ]),
];
