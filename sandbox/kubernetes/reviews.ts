import { jsonAt, textAt } from "../openstack/json.ts";
import type { Fields } from "./object.ts";
import { type Asking, may, rulesFor, type User } from "./rbac.ts";
import type { Reply } from "./request.ts";
import type { Store } from "./store.ts";

function askingOf(spec: unknown): Asking {
  const path = jsonAt(spec, "nonResourceAttributes");
  if (path !== undefined) return { verb: textAt(path, "verb") ?? "get", path: textAt(path, "path") ?? "/" };
  const given = jsonAt(spec, "resourceAttributes");
  const [resource = "", sub = ""] = [textAt(given, "resource"), textAt(given, "subresource")];
  const namespace = textAt(given, "namespace");
  return {
    verb: textAt(given, "verb") ?? "",
    group: textAt(given, "group") ?? "",
    resource: sub === "" ? resource : `${resource}/${sub}`,
    namespace: namespace === "" ? undefined : namespace,
    name: textAt(given, "name"),
  };
}

/** `kubectl auth can-i` and `kubectl auth whoami`. Undefined: the path is none of these. */
export function reviews(path: string, body: unknown, user: User, store: Store): Reply | undefined {
  const answer = (kind: string, group: string, more: Fields): Reply => ({
    status: 201,
    body: { kind, apiVersion: `${group}/v1`, metadata: {}, spec: jsonAt(body, "spec") ?? {}, ...more },
  });
  switch (path) {
    case "/apis/authentication.k8s.io/v1/selfsubjectreviews":
      return answer("SelfSubjectReview", "authentication.k8s.io", {
        status: { userInfo: { username: user.name, groups: user.groups } },
      });
    case "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": {
      const allowed = may(store, user, askingOf(jsonAt(body, "spec")));
      return answer("SelfSubjectAccessReview", "authorization.k8s.io", { status: { allowed } });
    }
    case "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews": {
      const rules = rulesFor(store, user, textAt(jsonAt(body, "spec"), "namespace"));
      const urls = rules.filter((rule) => jsonAt({ rule }, "rule")?.["nonResourceURLs"] !== undefined);
      const resourceRules = rules.filter((rule) => !urls.includes(rule));
      const status = { resourceRules, nonResourceRules: urls, incomplete: false };
      return answer("SelfSubjectRulesReview", "authorization.k8s.io", { status });
    }
  }
  return undefined;
}
