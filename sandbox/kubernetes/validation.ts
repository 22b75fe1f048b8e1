import { at, jsonAt, listAt, textAt } from "../openstack/json.ts";
import { missing } from "./checks.ts";
import type { Kind } from "./kinds.ts";
import { equal, type Obj } from "./object.ts";
import { podLabelsOf, selects } from "./selectors.ts";
import type { Shape } from "./shape.ts";
import { invalid, required, wrongValue } from "./status.ts";

type Problems = ReturnType<typeof required>[];

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_MAX = 253;
const LABEL_MAX = 63;
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** These are a segment of a path, no more. */
const FREE_NAMES = new Set(["rbac.authorization.k8s.io"]);
const LABEL_NAMES = new Set(["Namespace", "Service"]);

function nameProblems(kind: Kind, { metadata: { name } }: Obj): Problems {
  const field = "metadata.name";
  if (FREE_NAMES.has(kind.group))
    return /[/%]/.test(name) ? [wrongValue(field, name, "may not contain '/' or '%'")] : [];
  const label = LABEL_NAMES.has(kind.kind);
  if (label ? name.length > LABEL_MAX : name.length > NAME_MAX)
    return [wrongValue(field, name, `must be no more than ${label ? LABEL_MAX : NAME_MAX} characters`)];
  const fits = (label ? LABEL : SUBDOMAIN).test(name);
  return fits ? [] : [wrongValue(field, name, label ? LABEL_RULE : SUBDOMAIN_RULE)];
}

/** Fields that stay as they were made. */
const FIXED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Deployment: [["spec", "selector"]],
  DaemonSet: [["spec", "selector"]],
  StatefulSet: [
    ["spec", "selector"],
    ["spec", "serviceName"],
  ],
  Service: [["spec", "clusterIP"]],
  StorageClass: [["parameters"], ["provisioner"], ["reclaimPolicy"], ["volumeBindingMode"]],
  PersistentVolumeClaim: [
    ["spec", "accessModes"],
    ["spec", "storageClassName"],
  ],
  CSIDriver: [["spec", "attachRequired"]],
  ClusterRoleBinding: [["roleRef"]],
  RoleBinding: [["roleRef"]],
  CertificateSigningRequest: [["spec"]],
  PriorityClass: [["value"]],
};

const reach = (of: Obj, path: readonly string[]): unknown => path.reduce<unknown>((found, part) => at(found, part), of);

function changedProblems(of: Obj, before: Obj): Problems {
  return (FIXED[of.kind] ?? [])
    .filter((path) => reach(before, path) !== undefined && !equal(reach(before, path), reach(of, path)))
    .map((path) =>
      path[0] === "roleRef"
        ? wrongValue("roleRef", reach(of, path), "cannot change roleRef")
        : wrongValue(path.join("."), reach(of, path), "field is immutable"),
    );
}

function containerProblems(spec: unknown, path: string): Problems {
  const containers = listAt(spec, "containers") ?? [];
  const volumes = new Set((listAt(spec, "volumes") ?? []).map((volume) => textAt(volume, "name")));
  if (containers.length === 0) return [required(`${path}.containers`)];
  return containers.flatMap((container, index) => [
    ...((textAt(container, "image") ?? "") === "" ? [required(`${path}.containers[${index}].image`)] : []),
    ...(listAt(container, "volumeMounts") ?? []).flatMap((mount, at) =>
      volumes.has(textAt(mount, "name"))
        ? []
        : [
            {
              reason: "FieldValueNotFound",
              message: `Not found: ${JSON.stringify(textAt(mount, "name"))}`,
              field: `${path}.containers[${index}].volumeMounts[${at}].name`,
            },
          ],
    ),
  ]);
}

function workloadProblems(of: Obj): Problems {
  const selector = jsonAt(of["spec"], "selector");
  const template = at(at(of["spec"], "template"), "spec");
  if (selector === undefined) return [required("spec.selector")];
  const labels = podLabelsOf(of);
  const why = "`selector` does not match template `labels`";
  return [
    ...(selects(selector, labels) ? [] : [wrongValue("spec.template.metadata.labels", labels, why)]),
    ...containerProblems(template, "spec.template.spec"),
  ];
}

function definitionProblems(of: Obj): Problems {
  const [group, plural] = [textAt(of["spec"], "group"), textAt(jsonAt(of["spec"], "names"), "plural")];
  const wanted = `${plural}.${group}`;
  return [
    ...(of.metadata.name === wanted
      ? []
      : [wrongValue("metadata.name", of.metadata.name, `must be spec.names.plural+"."+spec.group`)]),
    ...(listAt(of["spec"], "versions") ?? []).flatMap((version, index) =>
      at(at(version, "schema"), "openAPIV3Schema") === undefined
        ? [required(`spec.versions[${index}].schema.openAPIV3Schema`, "schemas are required")]
        : [],
    ),
  ];
}

/** Refuses (422) what the API server would: everything that is wrong, at once. */
export function validate(kind: Kind, shape: Shape, of: Obj, before: Obj | undefined): void {
  const problems: Problems = [
    ...nameProblems(kind, of),
    ...missing({ ...of, status: undefined }, shape).filter(({ field }) => !field?.startsWith("status")),
    ...(before === undefined ? [] : changedProblems(of, before)),
  ];
  if (["Deployment", "DaemonSet", "StatefulSet"].includes(kind.kind)) problems.push(...workloadProblems(of));
  if (kind.kind === "Pod") problems.push(...containerProblems(of["spec"], "spec"));
  if (kind.kind === "CustomResourceDefinition") problems.push(...definitionProblems(of));
  if (
    kind.kind === "Service" &&
    (listAt(of["spec"], "ports") ?? []).length === 0 &&
    textAt(of["spec"], "clusterIP") !== "None"
  )
    if (textAt(of["spec"], "type") !== "ExternalName") problems.push(required("spec.ports"));
  if (problems.length > 0) throw invalid(kind, of.metadata.name, problems);
}
