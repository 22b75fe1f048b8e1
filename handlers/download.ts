import { type Request, type Response, Router } from "express";
import { clientCertificate, kubeconfig, readPki } from "../shared/bootstrap/pki.ts";
import { API_PORT, apiHost } from "../shared/cluster/names.ts";
import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { inSpan } from "../shared/ports/tracing.ts";
import { clusters } from "../shared/state/index.ts";
import { noted } from "./audit.ts";
import { DOWNLOAD_PATH, find, keyOf, redeem, type Ticket } from "./tickets.ts";
import { plural } from "./views/text.ts";

const TOKEN = /^[a-z0-9]{43}$/;
/** Of all links together: what is told of one never holds its token. */
const ROUTE = `${DOWNLOAD_PATH}/{token}`;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": POLICY,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};
const STYLE = "font:16px/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1d1c1d";

const page = (response: Response, status: number, title: string, body: string): void => {
  const head = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>`;
  response.status(status).set(HEADERS).type("html").send(`${head}<body style="${STYLE}"><h1>${title}</h1>${body}`);
};

const OVER = "<p>It works once, for ten minutes. Type <code>/k8s kubeconfig NAME</code> in Slack for a new one.</p>";
const over = (response: Response): void => page(response, 410, "This link is over", OVER);

/** A file with a certificate that ends in hours. Undefined: the cluster is gone, or another one has its name. */
async function fileFor(
  deps: Deps,
  { cluster, id, user, role, hours }: Ticket,
): Promise<{ record: ClusterRecord; text: string } | undefined> {
  const record = await clusters(deps.store).get(cluster);
  const { resolved, spec, status } = record ?? {};
  const href = status?.steps["secret/pki"]?.facts["href"];
  const address = status?.steps["floating-ip/api"]?.facts["address"];
  if (record?.id !== id || resolved === undefined || spec === undefined || href === undefined || address === undefined)
    return undefined;
  const { ca } = readPki(await deps.cloudOf(record.tenant).keyManager.getPayload(href));
  const nowMs = deps.clock.nowMs();
  const asked = { user: `slack:${user}`, groups: [`kinvirt:${role}`], nowMs, seconds: hours * 3600 };
  const client = await clientCertificate(ca, asked);
  const name = apiHost(spec, resolved.zone.name);
  const server = await deps.kubernetes.urlOf({ name, address, port: API_PORT });
  const tls = new URL(server).hostname === name ? {} : { tlsServerName: name };
  const text = kubeconfig({
    server,
    ca: ca.certificate,
    client,
    cluster: spec.name,
    user: `${role}@${spec.name}`,
    ...tls,
  });
  return { record, text };
}

/** The store or the cloud does not answer: nothing is used up by that. */
const later =
  (deps: Deps, answer: (request: Asked, response: Response) => Promise<void>) =>
  async (request: Asked, response: Response): Promise<void> => {
    const { method } = request;
    const facts = { "http.request.method": method, "http.route": ROUTE };
    const answered = () => ({ "http.response.status_code": response.statusCode });
    try {
      await inSpan(
        deps,
        { name: `${method} ${ROUTE}`, kind: "server", facts },
        () => answer(request, response),
        answered,
      );
    } catch (error) {
      deps.log.error("kubeconfig.failed", { error: String(error) });
      page(
        response,
        503,
        "Not now",
        "<p>The cloud does not answer. The link is still good: try it again in a minute.</p>",
      );
    }
  };

type Asked = Request<{ token: string }>;

/**
 * `GET /kubeconfig/TOKEN` asks, because programs that look at links before people do must not use them up; `POST` answers the
 * file, once. The file is made before the ticket is used, so that a cloud that is away costs nobody their link.
 */
export function download(deps: Deps): Router {
  const router = Router();
  const path = `${DOWNLOAD_PATH}/:token`;
  const ticketOf = async (token: string) => (TOKEN.test(token) ? find(deps.store, token) : undefined);
  const ask = later(deps, async (request, response) => {
    const ticket = await ticketOf(request.params.token);
    if (ticket === undefined) return over(response);
    const name = ticket.cluster.split("/")[1] ?? "";
    const what = `A kubeconfig for <b>${name}</b> with the role <b>${ticket.role}</b>`;
    const words = `<p>${what}. Its certificate ends in ${plural(ticket.hours, "hour")}.</p>`;
    const button =
      '<form method="post"><button style="font:inherit;padding:.5rem 1rem">Download it once</button></form>';
    page(response, 200, "Kubeconfig", words + button);
  });
  const give = later(deps, async (request, response) => {
    const { token } = request.params;
    const ticket = await ticketOf(token);
    const made = ticket === undefined ? undefined : await fileFor(deps, ticket);
    if (ticket === undefined || made === undefined) return over(response);
    const { cluster, id, user, role, hours } = ticket;
    const { tenant, spec } = made.record;
    const detail = { role, hours: String(hours) };
    // Before it is used: a record too many tells no lie that matters, a file without a record would.
    const once = keyOf(token);
    await noted(deps, "kubeconfig.downloaded", { user, tenant }, { id, name: spec.name }, detail, once);
    if ((await redeem(deps.store, token)) === undefined) return over(response);
    deps.log.info("kubeconfig.downloaded", { cluster, id, user, role, hours });
    const name = `${made.record.spec.name}.kubeconfig`;
    response.set(HEADERS).set("content-disposition", `attachment; filename="${name}"`);
    response.type("application/yaml").send(made.text);
  });
  router.get(path, ask);
  router.post(path, give);
  return router;
}
