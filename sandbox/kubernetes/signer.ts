import { isoOf, jsonAt, listAt, textAt, textsAt } from "../openstack/json.ts";
import { type Authority, requested, signed } from "./authority.ts";
import { builtIn } from "./kinds.ts";
import type { Obj } from "./object.ts";
import { may, NODES } from "./rbac.ts";
import type { Store } from "./store.ts";

const CSRS = builtIn("CertificateSigningRequest");
const KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
const KUBELET_SERVING = "kubernetes.io/kubelet-serving";
const SIGNERS = [KUBELET_CLIENT, KUBELET_SERVING, "kubernetes.io/kube-apiserver-client"];

const conditionsOf = (csr: Obj) => listAt(csr["status"], "conditions") ?? [];
const has = (csr: Obj, type: string) => conditionsOf(csr).some((one) => textAt(one, "type") === type);
const pemOf = (csr: Obj) => Buffer.from(textAt(csr["spec"], "request") ?? "", "base64").toString();

function withCondition(csr: Obj, type: string, reason: string, message: string, nowMs: number): Obj {
  const made = {
    type,
    status: "True",
    reason,
    message,
    lastUpdateTime: isoOf(nowMs),
    lastTransitionTime: isoOf(nowMs),
  };
  return { ...csr, status: { ...jsonAt(csr, "status"), conditions: [...conditionsOf(csr), made] } };
}

/** csrapproving: a kubelet that asks for a certificate of its own name, and may. */
function approvable(store: Store, csr: Obj): boolean {
  const spec = csr["spec"];
  const user = { name: textAt(spec, "username") ?? "", groups: textsAt(spec, "groups") ?? [] };
  const wanted = requested(pemOf(csr))?.user;
  if (textAt(spec, "signerName") !== KUBELET_CLIENT || wanted === undefined) return false;
  if (!wanted.groups.includes(NODES) || wanted.name !== user.name) return false;
  const asking = {
    verb: "create",
    group: "certificates.k8s.io",
    resource: "certificatesigningrequests/selfnodeclient",
  };
  return may(store, user, asking);
}

/**
 * The kubelet signers' own rules.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
function refusal(csr: Obj): string | undefined {
  const found = requested(pemOf(csr));
  const signer = textAt(csr["spec"], "signerName") ?? "";
  if (found === undefined) return "the request is no PKCS#10";
  if (signer !== KUBELET_CLIENT && signer !== KUBELET_SERVING) return undefined;
  if (!found.user.groups.includes(NODES)) return "organization is not system:nodes";
  if (!found.user.name.startsWith("system:node:")) return "common name does not start with system:node:";
  if (signer === KUBELET_SERVING && found.names.length === 0) return "DNS or IP subjectAltName is required";
  return undefined;
}

/** What kube-controller-manager does about certificate requests: approves kubelets' own, and signs what is approved. */
export async function signAll(store: Store, authority: Authority, nowMs: number): Promise<void> {
  for (const listed of store.list(CSRS)) {
    const signer = textAt(listed["spec"], "signerName") ?? "";
    let csr = listed;
    if (conditionsOf(csr).length === 0 && approvable(store, csr))
      csr = store.put(
        CSRS,
        withCondition(
          csr,
          "Approved",
          "AutoApproved",
          "Auto approving kubelet client certificate after SubjectAccessReview.",
          nowMs,
        ),
      );
    const open = has(csr, "Approved") && !has(csr, "Denied") && !has(csr, "Failed");
    if (!open || textAt(csr["status"], "certificate") !== undefined || !SIGNERS.includes(signer)) continue;
    const why = refusal(csr);
    if (why !== undefined) {
      store.put(CSRS, withCondition(csr, "Failed", "SignerValidationFailure", why, nowMs));
      continue;
    }
    const pem = await signed(authority, pemOf(csr), signer === KUBELET_SERVING, nowMs);
    const certificate = Buffer.from(pem).toString("base64");
    store.put(CSRS, { ...csr, status: { ...jsonAt(csr, "status"), certificate } });
  }
}
