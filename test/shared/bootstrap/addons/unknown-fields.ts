import { text } from "node:stream/consumers";

/**
 * kubernetes-models ships Kubernetes' schemas as compiled validators that let unknown fields pass. But they read each
 * field that they know, so a field which nobody read is one that Kubernetes has not. Runs as a program of its own, since
 * the validators are ES modules that Jest cannot load: manifests as JSON in, what is wrong with them out.
 */
const SCHEMAS: Readonly<Record<string, string>> = {
  v1: "IoK8sApiCoreV1",
  "apps/v1": "IoK8sApiAppsV1",
  "policy/v1": "IoK8sApiPolicyV1",
  "rbac.authorization.k8s.io/v1": "IoK8sApiRbacV1",
  "storage.k8s.io/v1": "IoK8sApiStorageV1",
  "apiextensions.k8s.io/v1": "IoK8sApiextensionsApiserverPkgApisApiextensionsV1",
};

/** Fields of a CustomResourceDefinition's own schema that kubernetes-models has in its types but not in its validators. */
const EXTENSION = /openAPIV3Schema\/x-kubernetes-[a-z-]+$/;

interface Problem {
  readonly instancePath: string;
  readonly keyword: string;
}

interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly Problem[] | null;
}

export interface Given {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A copy that strikes what is read of it from `unread`. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const inner = new Map(
    Object.entries(value).map(([key, item]) => [key, watched(item, `${path}/${key}`, unread)] as const),
  );
  if (!Array.isArray(value)) for (const key of inner.keys()) unread.add(`${path}/${key}`);
  return new Proxy(value, {
    get(target, key) {
      unread.delete(`${path}/${String(key)}`);
      return inner.has(String(key)) ? inner.get(String(key)) : Reflect.get(target, key);
    },
  });
}

async function faults(manifest: Given): Promise<string[]> {
  const schema = SCHEMAS[manifest.apiVersion];
  if (schema === undefined) return [];
  const { validate } = (await import(`kubernetes-models/_schemas/${schema}${manifest.kind}`)) as {
    readonly validate: Validator;
  };
  const unread = new Set<string>();
  const valid = validate(watched(manifest, "", unread));
  return [
    ...(valid ? [] : (validate.errors ?? []).map((error) => `${error.keyword} ${error.instancePath}`)),
    ...[...unread].filter((path) => !EXTENSION.test(path)).map((path) => `unknown ${path}`),
  ];
}

const manifests = JSON.parse(await text(process.stdin)) as readonly Given[];
process.stdout.write(JSON.stringify(await Promise.all(manifests.map(faults))));
