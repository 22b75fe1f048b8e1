import { OpenStackError, remainsOf, type ServiceType, type Trouble } from "../../../shared/openstack/errors.ts";
import { faultOf, refused, unanswered } from "../../../shared/openstack/trouble.ts";

// Goal: what OpenStack 2025.1 really answers becomes the trouble a caller can act on and one readable line.
const AT = Date.UTC(2026, 10, 24);
const error = (service: ServiceType, status: number, body: string, headers: Record<string, string> = {}) =>
  refused({ service, method: "POST", path: "/things?x=1" }, { status, headers, body }, AT);

const html = (title: string, text: string) =>
  `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${text}<br /><br />\n </body>\n</html>`;
const ks = (code: number, message: string) => JSON.stringify({ error: { code, message, title: "x" } });
const neutron = (type: string, message: string) => JSON.stringify({ NeutronError: { type, message, detail: "" } });
const octavia = (faultstring: string) => JSON.stringify({ faultcode: "Client", faultstring, debuginfo: null });
const barbican = (description: string) => JSON.stringify({ code: 403, title: "Forbidden", description });
const auth = "The request you have made requires authentication.";

test.each<[ServiceType, number, string, Trouble, string]>([
  ["identity", 401, ks(401, auth), "denied", auth],
  [
    "identity",
    403,
    ks(403, "You are not authorized to perform the requested action: identity:list_users."),
    "denied",
    "You are not authorized to perform the requested action: identity:list_users.",
  ],
  [
    "identity",
    403,
    ks(403, "Unable to create additional application credentials, maximum of 10 already exceeded for user."),
    "quota",
    "Unable to create additional application credentials, maximum of 10 already exceeded for user.",
  ],
  [
    "compute",
    404,
    '{"itemNotFound": {"code": 404, "message": "Instance 0 could not be found."}}',
    "missing",
    "Instance 0 could not be found.",
  ],
  [
    "compute",
    403,
    '{"forbidden": {"code": 403, "message": "Policy doesn\'t allow os_compute_api:os-quota-sets:update to be performed."}}',
    "denied",
    "Policy doesn't allow os_compute_api:os-quota-sets:update to be performed.",
  ],
  [
    "compute",
    403,
    '{"forbidden": {"code": 403, "message": "Quota exceeded for cores, instances: Requested 1, 1, but already used 0, 0 of 0, 0 cores, instances"}}',
    "quota",
    "Quota exceeded for cores, instances: Requested 1, 1, but already used 0, 0 of 0, 0 cores, instances",
  ],
  [
    "compute",
    403,
    '{"forbidden": {"code": 403, "message": "Quota exceeded, too many server groups."}}',
    "quota",
    "Quota exceeded, too many server groups.",
  ],
  [
    "compute",
    409,
    '{"conflictingRequest": {"code": 409, "message": "Cannot \'stop\' instance 0 while it is in task_state spawning"}}',
    "conflict",
    "Cannot 'stop' instance 0 while it is in task_state spawning",
  ],
  [
    "compute",
    404,
    html("404 Not Found", "The resource could not be found."),
    "missing",
    "The resource could not be found.",
  ],
  [
    "network",
    409,
    neutron("OverQuota", "Quota exceeded for resources: ['network']."),
    "quota",
    "Quota exceeded for resources: ['network'].",
  ],
  [
    "network",
    409,
    neutron("NetworkInUse", "Unable to complete operation on network 0."),
    "conflict",
    "Unable to complete operation on network 0.",
  ],
  [
    "network",
    403,
    neutron("PolicyNotAuthorized", "(rule:create_network) is disallowed by policy"),
    "denied",
    "(rule:create_network) is disallowed by policy",
  ],
  [
    "network",
    400,
    neutron("InvalidInput", "Invalid input for operation: 'abc' is not an integer."),
    "invalid",
    "Invalid input for operation: 'abc' is not an integer.",
  ],
  [
    "load-balancer",
    403,
    octavia("Quota has been met for resources: Load Balancer"),
    "quota",
    "Quota has been met for resources: Load Balancer",
  ],
  [
    "load-balancer",
    403,
    octavia("Policy does not allow this request to be performed."),
    "denied",
    "Policy does not allow this request to be performed.",
  ],
  [
    "load-balancer",
    409,
    octavia("Load Balancer 0 is immutable and cannot be updated."),
    "conflict",
    "Load Balancer 0 is immutable and cannot be updated.",
  ],
  [
    "dns",
    413,
    '{"code": 413, "type": "over_quota", "message": "Quota exceeded for zones.", "request_id": "r"}',
    "quota",
    "Quota exceeded for zones.",
  ],
  [
    "dns",
    409,
    '{"code": 409, "type": "duplicate_zone", "message": "Duplicate Zone", "request_id": "r"}',
    "conflict",
    "Duplicate Zone",
  ],
  ["dns", 403, '{"code": 403, "type": "forbidden", "request_id": "r"}', "denied", "forbidden"],
  [
    "dns",
    400,
    '{"code": 400, "type": "invalid_object", "errors": {"errors": [{"path": ["records", 0], "message": "\'x\' is not a \'A\' Record"}]}}',
    "invalid",
    "invalid_object: records.0 'x' is not a 'A' Record",
  ],
  [
    "key-manager",
    403,
    barbican("Secret creation issue seen - Creation not allowed because a quota has been reached."),
    "quota",
    "Secret creation issue seen - Creation not allowed because a quota has been reached.",
  ],
  [
    "key-manager",
    403,
    barbican("Project Quotas attempt not allowed - please review your user/project privileges"),
    "denied",
    "Project Quotas attempt not allowed - please review your user/project privileges",
  ],
  [
    "shared-file-system",
    413,
    '{"overLimit": {"code": 413, "message": "ShareSizeExceedsAvailableQuota: Requested share exceeds allowed gigabytes quota.", "retryAfter": "0"}}',
    "quota",
    "ShareSizeExceedsAvailableQuota: Requested share exceeds allowed gigabytes quota.",
  ],
  [
    "shared-file-system",
    406,
    '{"computeFault": {"code": 406, "message": "Version 2.999 is not supported by the API."}}',
    "invalid",
    "Version 2.999 is not supported by the API.",
  ],
  [
    "image",
    403,
    html("403 Forbidden", "You are not authorized to complete publicize_image action."),
    "denied",
    "You are not authorized to complete publicize_image action.",
  ],
  ["image", 300, "{}", "ambiguous", "{}"],
  ["image", 302, "", "invalid", "no reason given"],
  ["network", 410, "", "missing", "no reason given"],
  ["network", 409, neutron("OverQuota", "No more of these."), "quota", "No more of these."],
  ["load-balancer", 423, octavia("It is locked."), "conflict", "It is locked."],
  ["network", 408, "", "retry", "no reason given"],
  ["network", 425, "", "retry", "no reason given"],
  ["network", 505, "", "invalid", "no reason given"],
  ["network", 507, "", "retry", "no reason given"],
  ["network", 429, "", "retry", "no reason given"],
  [
    "network",
    500,
    neutron("HTTPInternalServerError", "Request Failed: internal server error"),
    "retry",
    "Request Failed: internal server error",
  ],
  ["network", 501, "", "invalid", "no reason given"],
  ["network", 503, '"gateway says no"', "retry", "gateway says no"],
])("%s %i %s is %s", (service, status, body, trouble, fault) => {
  expect(error(service, status, body)).toMatchObject({ trouble, detail: { status, fault, path: "/things?x=1" } });
});

test.each([
  [{ "x-openstack-request-id": "req-1", "x-compute-request-id": "req-2" }, "req-1"],
  [{ "x-compute-request-id": "req-2" }, "req-2"],
])("the request id of %j", (headers, requestId) => {
  expect(error("compute", 404, "", headers).detail.requestId).toBe(requestId);
});

test.each([
  ["12", 12],
  ["Tue, 24 Nov 2026 00:00:30 GMT", 30],
  ["Mon, 23 Nov 2026 00:00:00 GMT", 0],
  ["later", undefined],
])("Retry-After: %s", (value, seconds) => {
  expect(error("compute", 503, "", { "retry-after": value }).detail.retryAfterSeconds).toBe(seconds);
});

test.each([
  ["a secret", { credential: { secret: "hush-hush" } }, "Value: hush-hush. is too short", "Value: ***. is too short"],
  [
    "a nested list",
    { server: { personality: [], user_data: "aGVsbG8=" } },
    "Value: aGVsbG8= is too long",
    "Value: *** is too long",
  ],
  ["a text body", "the payload", "cannot store the payload now", "cannot store *** now"],
  ["a secret's payload", { payload: "hush-hush" }, "Value hush-hush", "Value ***"],
  ["a server's password", { server: { adminPass: "hush-hush" } }, "Value hush-hush", "Value ***"],
  ["a token", { auth: { identity: { token: "hush-hush" } } }, "Value hush-hush", "Value ***"],
  ["what is too short to be one", { secret: "abc" }, "abc is too short", "abc is too short"],
  ["what is just long enough", { secret: "abcd" }, "abcd is too short", "*** is too short"],
  ["what is beside a secret", { token: { id: "dev-1" } }, "dev-1 unknown", "dev-1 unknown"],
  ["no secret at all", { name: "dev", payload_content_type: "text/x" }, "dev: text/x unknown", "dev: text/x unknown"],
])("%s that a service quotes is blotted out", (_what, sent, message, expected) => {
  expect(faultOf(ks(400, message), sent)).toBe(expected);
});

test("a token that a service quotes is blotted out", () => {
  expect(faultOf(`token gAAAAABrBTy3ZjlTNETWbjVqVknKvceKI2WLicMLEjyU0h8-56K is unknown`)).toBe("token *** is unknown");
});

test("a secret is blotted out before the text is cut, and the text is one line of at most 300 characters", () => {
  const secret = "s".repeat(400);
  expect(faultOf(`bad:\n ${secret}  end`, { secret })).toBe("bad: *** end");
  expect(faultOf("x ".repeat(400))).toHaveLength(300);
  expect(faultOf("x".repeat(300))).toBe("x".repeat(300));
  expect(faultOf("x".repeat(301))).toBe(`${"x".repeat(299)}…`);
});

test.each(["<h1", "<style>", "<", "</h1>", "gAAAA"])("a page of nothing but %s is read in no time", (part) => {
  const body = part.repeat(Math.ceil(20_000_000 / part.length));
  const begun = process.cpuUsage();
  expect(faultOf(body).length).toBeLessThanOrEqual(300);
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1000);
});

test("of a page its own words are told, without what is in its head and its headings", () => {
  const page = "<html><style>p{a:b}</style><TITLE>502</title><h1>Bad</h1><p>No <b>server</b>.</p><hr>nginx</html>";
  expect(faultOf(page)).toBe("No server . nginx");
});

test("no answer is retry, and says why", () => {
  const lost = unanswered({ service: "dns", method: "POST", path: "/zones" }, new Error("socket hang up"));
  expect(lost).toBeInstanceOf(OpenStackError);
  expect(lost.message).toBe("dns POST /zones: no answer: no answer from the service (socket hang up)");
  expect(lost.trouble).toBe("retry");
});

const gone = (code: string) => Object.assign(new Error(code), { code });
const lostCall = (method: string, path: string, code: string) =>
  unanswered({ service: "network", method, path }, gone(code));
const answered = (method: string, status: number) =>
  refused({ service: "network", method, path: "/networks" }, { status, headers: {}, body: "" }, AT);

test.each<readonly [string, OpenStackError, ReturnType<typeof remainsOf>]>([
  ["a POST whose connection broke", lostCall("POST", "/networks", "UND_ERR_SOCKET"), "unknown"],
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"].map(
    (code) => [`a POST that was never sent (${code})`, lostCall("POST", "/networks", code), "nothing"] as const,
  ),
  ...["ECONNRESET", "ETIMEDOUT", "UND_ERR_HEADERS_TIMEOUT"].map(
    (code) => [`a POST that may have been sent (${code})`, lostCall("POST", "/networks", code), "unknown"] as const,
  ),
  ["a PATCH that was never sent", lostCall("PATCH", "/networks", "ECONNREFUSED"), "nothing"],
  ["a POST that a proxy lost on its way", answered("POST", 502), "unknown"],
  ["a PUT that was not sent the last time", lostCall("PUT", "/networks", "ECONNREFUSED"), "unknown"],
  ["a lookup before the POST", lostCall("GET", "/networks", "UND_ERR_SOCKET"), "nothing"],
  ["a login before the POST", lostCall("POST", "/auth/tokens", "UND_ERR_SOCKET"), "nothing"],
  ["a POST that a proxy had no server for", answered("POST", 503), "nothing"],
  ["a PATCH beyond a limit", answered("PATCH", 429), "nothing"],
  ["a POST whose service failed", answered("POST", 500), "listed"],
  ["a POST whose service answered too late", answered("POST", 504), "unknown"],
  ["a POST that was refused", answered("POST", 400), "nothing"],
])("%s: what it may have left", (_what, error, remains) => {
  expect(remainsOf(error)).toBe(remains);
});
