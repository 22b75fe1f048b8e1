import type { Fields } from "./object.ts";
import { badRequest } from "./status.ts";

/*
 * kubectl's own verbs (`create deployment`, `auth can-i`, `drain`, `certificate approve`) send protobuf. This reads what they
 * send; fields that are not here are left out. `*` is a list, `{}` a map; bytes become base64, as in JSON.
 * Source: generated.proto of each API group, in kubernetes/api.
 */
const TYPES: Readonly<Record<string, string>> = {
  ObjectMeta:
    "1 name string, 2 generateName string, 3 namespace string, 5 uid string, 6 resourceVersion string, " +
    "11 labels {}string, 12 annotations {}string, 14 finalizers *string",
  Namespace: "1 metadata ObjectMeta",
  ConfigMap: "1 metadata ObjectMeta, 2 data {}string, 3 binaryData {}bytes, 4 immutable bool",
  Secret: "1 metadata ObjectMeta, 2 data {}bytes, 3 type string, 4 stringData {}string, 5 immutable bool",
  ServiceAccount: "1 metadata ObjectMeta",
  SelfSubjectReview: "1 metadata ObjectMeta",
  SelfSubjectAccessReview: "1 metadata ObjectMeta, 2 spec AccessSpec",
  AccessSpec: "1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes PathAttributes",
  ResourceAttributes:
    "1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, " +
    "7 name string",
  PathAttributes: "1 path string, 2 verb string",
  SelfSubjectRulesReview: "1 metadata ObjectMeta, 2 spec RulesSpec",
  RulesSpec: "1 namespace string",
  Eviction: "1 metadata ObjectMeta, 2 deleteOptions DeleteOptions",
  DeleteOptions:
    "1 gracePeriodSeconds number, 2 preconditions Preconditions, 4 propagationPolicy string, 5 dryRun *string",
  Preconditions: "1 uid string, 2 resourceVersion string",
  CertificateSigningRequest: "1 metadata ObjectMeta, 2 spec CsrSpec, 3 status CsrStatus",
  CsrSpec:
    "1 request bytes, 2 username string, 3 uid string, 4 groups *string, 5 usages *string, 7 signerName string, " +
    "8 expirationSeconds number",
  CsrStatus: "1 conditions *CsrCondition, 2 certificate bytes",
  CsrCondition: "1 type string, 2 reason string, 3 message string, 6 status string",
  Deployment: "1 metadata ObjectMeta, 2 spec DeploymentSpec",
  DeploymentSpec: "1 replicas number, 2 selector LabelSelector, 3 template PodTemplateSpec",
  LabelSelector: "1 matchLabels {}string",
  PodTemplateSpec: "1 metadata ObjectMeta, 2 spec PodSpec",
  PodSpec: "2 containers *Container, 3 restartPolicy string, 8 serviceAccountName string, 10 nodeName string",
  Container: "1 name string, 2 image string, 3 command *string, 4 args *string, 6 ports *ContainerPort",
  ContainerPort: "1 name string, 2 hostPort number, 3 containerPort number, 4 protocol string",
  Service: "1 metadata ObjectMeta, 2 spec ServiceSpec",
  ServiceSpec: "1 ports *ServicePort, 2 selector {}string, 3 clusterIP string, 4 type string",
  ServicePort: "1 name string, 2 protocol string, 3 port number, 4 targetPort IntOrString, 5 nodePort number",
  IntOrString: "1 type number, 2 intVal number, 3 strVal string",
  ClusterRoleBinding: "1 metadata ObjectMeta, 2 subjects *Subject, 3 roleRef RoleRef",
  RoleBinding: "1 metadata ObjectMeta, 2 subjects *Subject, 3 roleRef RoleRef",
  Subject: "1 kind string, 2 apiGroup string, 3 name string, 4 namespace string",
  RoleRef: "1 apiGroup string, 2 kind string, 3 name string",
  Unknown: "1 typeMeta TypeMeta, 2 raw bytes",
  TypeMeta: "1 apiVersion string, 2 kind string",
};
const MAGIC = Buffer.from("k8s\0");

function varint(bytes: Buffer, from: number): readonly [number, number] {
  let [value, at, factor] = [0, from, 1];
  for (;;) {
    const byte = bytes[at++];
    if (byte === undefined) throw badRequest("unexpected EOF");
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) return [value, at];
  }
}

/** Numbers of fields, and what is in them: a number, or bytes. */
function* wire(bytes: Buffer): Generator<readonly [number, number | Buffer]> {
  for (let at = 0; at < bytes.length; ) {
    const [tag, after] = varint(bytes, at);
    const [value, next] = varint(bytes, after);
    if (tag % 8 === 0) yield [tag >> 3, value];
    else if (tag % 8 === 2) yield [tag >> 3, bytes.subarray(next, next + value)];
    else throw badRequest("proto: illegal wireType");
    at = tag % 8 === 0 ? next : next + value;
  }
}

function decoded(type: string, value: number | Buffer): unknown {
  if (typeof value === "number") return type === "bool" ? value === 1 : value;
  if (type === "bytes") return value.toString("base64");
  return type === "string" ? value.toString() : message(type, value);
}

function message(type: string, bytes: Buffer): unknown {
  const fields = new Map(
    (TYPES[type] ?? "").split(", ").map((field) => {
      const [number, name = "", of = ""] = field.split(" ");
      return [Number(number), { name, of }];
    }),
  );
  const made: Fields = {};
  for (const [number, value] of wire(bytes)) {
    const { name, of } = fields.get(number) ?? { name: "", of: "" };
    if (name === "") continue;
    if (of.startsWith("{}") && Buffer.isBuffer(value)) {
      const entry = new Map(wire(value));
      const key = decoded("string", entry.get(1) ?? Buffer.alloc(0));
      made[name] = {
        ...(made[name] as Fields | undefined),
        [String(key)]: decoded(of.slice(2), entry.get(2) ?? Buffer.alloc(0)),
      };
    } else if (of.startsWith("*")) {
      made[name] = [...((made[name] as readonly unknown[] | undefined) ?? []), decoded(of.slice(1), value)];
    } else {
      const read = decoded(of, value);
      // Go writes what is empty too, and JSON leaves it out.
      if (read !== "" && read !== 0) made[name] = read;
    }
  }
  if (type === "IntOrString") return made["type"] === 1 ? made["strVal"] : (made["intVal"] ?? 0);
  return made;
}

/** The JSON of the object that is in a protobuf body. */
export function fromProtobuf(body: Buffer): string {
  if (!body.subarray(0, 4).equals(MAGIC)) throw badRequest("the object provided is unrecognized: no protobuf envelope");
  const envelope = message("Unknown", body.subarray(4)) as { readonly typeMeta?: Fields; readonly raw?: string };
  const kind = String(envelope.typeMeta?.["kind"]);
  if (TYPES[kind] === undefined)
    throw badRequest(`the sandbox reads no protobuf of the kind ${kind}: use kubectl apply`);
  return JSON.stringify({
    ...envelope.typeMeta,
    ...(message(kind, Buffer.from(envelope.raw ?? "", "base64")) as Fields),
  });
}

const bytesOf = (value: number): Buffer =>
  value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 127) | 128]), bytesOf(value >> 7)]);
const field = (number: number, inside: Buffer | string): Buffer => {
  const content = Buffer.from(inside);
  return Buffer.concat([bytesOf(number * 8 + 2), bytesOf(content.length), content]);
};

/**
 * OpenAPI v2 as kubectl wants it, with the one path that it looks at: whether the server checks the fields of what is in a
 * `List`. Source: gnostic, openapiv2/OpenAPIv2.proto.
 */
export function openapiV2(): Buffer {
  const gvk = field(1, "x-kubernetes-group-version-kind");
  const value = field(2, field(2, '{"group":"","version":"v1","kind":"Namespace"}'));
  const query = field(3, Buffer.concat([field(2, "query"), field(4, "fieldValidation")]));
  const parameter = field(1, field(2, query));
  const patch = Buffer.concat([field(8, parameter), field(13, Buffer.concat([gvk, value]))]);
  const item = Buffer.concat([field(1, "/api/v1/namespaces/{name}"), field(2, field(8, patch))]);
  return Buffer.concat([field(1, "2.0"), field(8, field(2, item))]);
}
