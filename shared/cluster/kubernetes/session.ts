import { clientCertificate, type Pki, readPki } from "../../bootstrap/pki.ts";
import { type KubernetesApi, kubernetesApi } from "../../kubernetes/api.ts";
import { KubernetesError } from "../../kubernetes/errors.ts";
import type { KubernetesDialer, KubernetesSend } from "../../kubernetes/send.ts";
import type { Cloud } from "../../openstack/cloud.ts";
import { API_PORT } from "../names.ts";
import type { StepStatus } from "../record.ts";
import { type SecretTexts, secretTexts } from "../texts.ts";

/** What a pass brings along so that the steps inside the cluster can be looked at. */
export interface KubernetesInput {
  readonly dialer: KubernetesDialer;
  /** What the record knows of a step. */
  status(step: string): StepStatus | undefined;
  /** What is there already is applied once more, whatever its mark says. */
  readonly repair: boolean;
  /** Start of the operation. */
  readonly startedMs: number;
  nowMs(): number;
}

/** Longer than a connection is kept. */
const CERTIFICATE_SECONDS = 3600;
/** The group that kubeadm gives its administrators; unlike `system:masters`, RBAC can take it away. */
const ADMINISTRATORS = "kubeadm:cluster-admins";

/** One pass's way into one cluster. */
export interface KubernetesSession extends KubernetesInput {
  /** Undefined as long as nobody can know how to reach it. */
  api(cloud: Cloud): Promise<KubernetesApi | undefined>;
  pki(cloud: Cloud): Promise<Pki>;
  /** The text of a Barbican secret of this cluster, by its step. Asked for once in a pass. */
  secret(cloud: Cloud, step: string): Promise<string>;
}

export function kubernetesSession(
  cluster: string,
  serverName: string,
  input: KubernetesInput,
  text: SecretTexts = secretTexts(),
): KubernetesSession {
  const hrefOf = (step: string) => input.status(step)?.facts["href"];
  const secret: KubernetesSession["secret"] = (cloud, step) => text(cloud, hrefOf(step) ?? "");
  const pki = async (cloud: Cloud): Promise<Pki> => readPki(await secret(cloud, "secret/pki"));
  // What one call learns of the line serves the next.
  let line: { readonly send: KubernetesSend; readonly api: KubernetesApi } | undefined;
  return {
    ...input,
    secret,
    pki,
    async api(cloud) {
      const address = input.status("floating-ip/api")?.facts["address"];
      if (address === undefined || hrefOf("secret/pki") === undefined) return undefined;
      const send = await input.dialer.connect(`${cluster} ${address}`, async () => {
        const { ca } = await pki(cloud);
        const asked = { user: "kinvirt", groups: [ADMINISTRATORS], nowMs: input.nowMs(), seconds: CERTIFICATE_SECONDS };
        return { address, port: API_PORT, serverName, ca: ca.certificate, ...(await clientCertificate(ca, asked)) };
      });
      if (line?.send !== send) line = { send, api: kubernetesApi(send) };
      return line.api;
    },
  };
}

/** An API server that does not answer, or not yet as it should, is waited for; what it refuses for good goes up. */
export async function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    const waits =
      error instanceof KubernetesError &&
      (error.unreachable || [401, 403, 404, 409, 429].includes(error.status ?? 500));
    if (waits || (error instanceof KubernetesError && (error.status ?? 0) >= 500)) return undefined;
    throw error;
  }
}
