import { blockStorage } from "./block-storage.ts";
import { breaker } from "./breaker.ts";
import { locate, mustLocate, SERVICES } from "./catalog.ts";
import type { CatalogPlace, Cloud } from "./cloud.ts";
import type { CloudSettings } from "./clouds.ts";
import { compute } from "./compute.ts";
import { dns } from "./dns.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ServiceType } from "./errors.ts";
import { identity } from "./identity.ts";
import { images } from "./image.ts";
import { keyManager } from "./key-manager.ts";
import { loadBalancers } from "./load-balancer.ts";
import { networking } from "./network.ts";
import { rest } from "./rest.ts";
import type { Runtime } from "./send.ts";
import { session } from "./session.ts";
import { sharedFileSystems } from "./shared-file-system.ts";

/** One project in one cloud. Nothing is sent before the first call. Without a breaker in `runtime` it has its own. */
export function connect(settings: CloudSettings, outside: Runtime): Cloud {
  const runtime: Runtime = { ...outside, breaker: outside.breaker ?? breaker({ nowMs: () => outside.nowMs() }) };
  const login = session(settings, runtime);
  const scope = async () => (await login.token()).scope;
  const endpoints = new Map<ServiceType, Endpoint>();
  /** One per service, because an endpoint keeps what it has learned about versions. */
  const at = (service: ServiceType): Endpoint => {
    const endpoint = endpoints.get(service) ?? rest(service, settings, login, runtime);
    endpoints.set(service, endpoint);
    return endpoint;
  };

  async function located() {
    const { catalog } = await login.token();
    return SERVICES.flatMap((service) => {
      const found = locate(catalog, service, settings);
      return found === undefined ? [] : [{ service, type: found.type }];
    });
  }

  return {
    scope,
    services: async () => (await located()).map(({ service }) => service),
    async catalog() {
      const places = (await located()).map(async ({ service, type }) => {
        const place: CatalogPlace = { type, prefix: await at(service).prefix() };
        return [service, place] as const;
      });
      return Object.fromEntries(await Promise.all(places));
    },
    async locate(service) {
      const { catalog } = await login.token();
      const endpoint = at(service);
      const { type } = mustLocate(catalog, service, settings);
      return { type, prefix: await endpoint.prefix(), url: await endpoint.url() };
    },
    version: (service) => at(service).newestVersion(),
    as: ({ id, secret }) =>
      connect({ ...settings, auth: { method: "application-credential", credential: { id }, secret } }, runtime),
    ...(settings.caCertificate === undefined ? {} : { caCertificate: settings.caCertificate }),
    ...(settings.interface === "public" && settings.verify
      ? {}
      : { way: { interface: settings.interface, verify: settings.verify } }),
    identity: identity(at("identity"), scope),
    compute: compute(at("compute")),
    image: images(at("image")),
    network: networking(at("network")),
    loadBalancer: loadBalancers(at("load-balancer")),
    dns: dns(at("dns")),
    keyManager: keyManager(at("key-manager")),
    sharedFileSystem: sharedFileSystems(at("shared-file-system")),
    blockStorage: blockStorage(at("block-storage")),
  };
}
