export interface KubernetesRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query: `/api/v1/nodes?limit=500`. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly timeoutMs: number;
}

export interface KubernetesResponse {
  readonly status: number;
  readonly body: string;
  /** When the certificate ends that the server has shown last: ms. Absent: it has shown none. */
  readonly certificateEndMs?: number;
}

/** One exchange with one try. Rejects when no answer came; what the request did by then is unknown. */
export type KubernetesSend = (request: KubernetesRequest) => Promise<KubernetesResponse>;

/** How one user reaches one cluster's API server. */
export interface KubernetesAccess {
  /** What is dialled: an IP address, or a name that resolves. */
  readonly address: string;
  readonly port: number;
  /** The name that the server's certificate must carry, whatever was dialled. */
  readonly serverName: string;
  /** PEM: the only authority that is trusted. */
  readonly ca: string;
  /** PEM: the client's certificate and its private key. */
  readonly certificate: string;
  readonly key: string;
}

/** Connections to API servers, kept between passes: a handshake costs more than most calls. */
export interface KubernetesDialer {
  /** The connection that is kept as `key`; `access` is only asked for a new one. */
  connect(key: string, access: () => Promise<KubernetesAccess>): Promise<KubernetesSend>;
  /** What people's own clients dial: `https://api.dev.k8s.example.org:6443`. */
  urlOf(at: { readonly name: string; readonly address: string; readonly port: number }): Promise<string>;
}
