import "reflect-metadata";
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from "@peculiar/x509";

/** The parts of a CertificateSigningRequest's `spec` that matter here; `request` is PEM in base64. */
export interface SigningRequest {
  readonly signerName: string;
  readonly username?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly usages?: readonly string[] | undefined;
  readonly request: string;
}

const SIGNER = "kubernetes.io/kubelet-serving";
/** A kubelet with an RSA key asks for `key encipherment` too. */
const USAGES = new Set(["digital signature", "server auth", "key encipherment"]);
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

function read(request: string): Pkcs10CertificateRequest | undefined {
  try {
    return new Pkcs10CertificateRequest(Buffer.from(request, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The names asked for, or none where anything else is asked for beside them. */
function namesOf(request: Pkcs10CertificateRequest) {
  const [extension, ...others] = request.extensions;
  if (others.length > 0 || extension?.type !== SUBJECT_ALTERNATIVE_NAME) return [];
  return new SubjectAlternativeNameExtension(extension.rawData).names.items;
}

/**
 * Whether the kubelet of a server that we know asks for the certificate that it may have: made by that node itself, in its
 * own name, for names and addresses that Nova says are its own. Whoever approves anything else lets a node pose as another.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers
 */
export function servingRequestFits(
  spec: SigningRequest,
  expected: { readonly node: string; readonly addresses: readonly string[] },
): boolean {
  const user = `system:node:${expected.node}`;
  const usages = new Set(spec.usages);
  if (spec.signerName !== SIGNER || spec.username !== user || spec.groups?.includes("system:nodes") !== true)
    return false;
  if (
    ![...usages].every((usage) => USAGES.has(usage)) ||
    !usages.has("digital signature") ||
    !usages.has("server auth")
  )
    return false;
  const request = read(spec.request);
  if (request === undefined) return false;
  const subject = request.subjectName.toJSON().flatMap((part) => Object.entries(part));
  const one = (key: string, value: string) =>
    subject.some(([name, values]) => name === key && values.length === 1 && values[0] === value);
  if (subject.length !== 2 || !one("CN", user) || !one("O", "system:nodes")) return false;
  const names = namesOf(request);
  const allowed = new Set([`dns:${expected.node}`, ...expected.addresses.map((address) => `ip:${address}`)]);
  return names.length > 0 && names.every(({ type, value }) => allowed.has(`${type}:${value}`));
}
