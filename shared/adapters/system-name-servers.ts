import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import type { NameAnswer, NameServers } from "../ports/name-servers.ts";
import { errorCode } from "./error-code.ts";

interface Patience {
  /** Of one try, in ms. */
  readonly timeout: number;
  readonly tries: number;
}

const PATIENCE: Patience = { timeout: 1500, tries: 2 };

/** c-ares' codes. Source: https://nodejs.org/api/dns.html#error-codes */
const ANSWERS: Readonly<Record<string, NameAnswer>> = {
  ENOTFOUND: { is: "unknown" },
  ENODATA: { is: "empty" },
  EREFUSED: { is: "refused" },
  ETIMEOUT: { is: "timeout" },
  ECONNREFUSED: { is: "failed", why: "nothing listens there" },
  ESERVFAIL: { is: "failed", why: "SERVFAIL" },
};

const withoutDot = (name: string): string => name.replace(/\.$/, "");

async function recordsOf(resolver: Resolver, name: string, type: "A" | "PTR" | "SOA"): Promise<readonly string[]> {
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "PTR":
      return (await resolver.resolvePtr(name)).map(withoutDot);
    case "SOA":
      return [String((await resolver.resolveSoa(name)).serial)];
  }
}

/** An address with or without a port, as `setServers` takes it. */
const isAddress = (server: string): boolean => isIP(server.replace(/^\[|\](:\d+)?$|(?<=^[\d.]+):\d+$/g, "")) !== 0;

/** Asks over UDP, and TCP where the answer is long, from this process: no cache, no search domains, no hosts file. */
export function systemNameServers(patience: Patience = PATIENCE): NameServers {
  async function addressOf(server: string): Promise<string | undefined> {
    if (isAddress(server)) return server;
    const [address] = await new Resolver(patience).resolve4(withoutDot(server)).catch(() => []);
    return address;
  }
  return {
    async ask(server, name, type) {
      const address = await addressOf(server);
      if (address === undefined) return { is: "failed", why: "its own name does not resolve here" };
      const resolver = new Resolver(patience);
      try {
        resolver.setServers([address]);
        return { is: "answered", records: await recordsOf(resolver, withoutDot(name), type) };
      } catch (error) {
        const code = errorCode(error);
        return ANSWERS[code] ?? { is: "failed", why: code };
      }
    },
  };
}
