import { cloudRefusal } from "../../../handlers/work/cloud-refusal.ts";
import { type ErrorDetail, OpenStackError } from "../../../shared/openstack/errors.ts";

// Goal: whoever waits for a cloud that does not answer is told which service it is, whether it was asked, and what comes next.
const detail: ErrorDetail = {
  service: "load-balancer",
  method: "GET",
  path: "/lbaas/loadbalancers",
  fault: "no answer from the service (connect ECONNREFUSED 10.0.0.1:9876)",
  trouble: "retry",
};

test.each<[string, Partial<ErrorDetail>, string]>([
  [
    "asked in vain",
    { status: 503, fault: "Service Unavailable.", requestId: "req-1" },
    "The cloud's load-balancer service gave no answer: Service Unavailable (OpenStack request req-1). Ask again in a minute.",
  ],
  [
    "not asked",
    { silentSeconds: 40, retryAfterSeconds: 10 },
    "The cloud's load-balancer service has given no answer for 40 s (last: connect ECONNREFUSED 10.0.0.1:9876), so it was not asked now. It is asked again in 10 s.",
  ],
  [
    "refused",
    { trouble: "denied", fault: "no" },
    "The cloud's load-balancer service refused: no. Check this team's login in clouds.yaml and its roles.",
  ],
  ["broken", { status: 500, fault: "Oops" }, "The cloud's load-balancer service failed: Oops. Ask again in a minute."],
  [
    "silent",
    {},
    "The cloud's load-balancer service gave no answer: connect ECONNREFUSED 10.0.0.1:9876. Ask again in a minute.",
  ],
])("%s", (_what, over, words) => {
  expect(cloudRefusal(new OpenStackError({ ...detail, ...over }))).toBe(words);
});
