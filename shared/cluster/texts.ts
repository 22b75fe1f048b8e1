import type { Cloud } from "../openstack/cloud.ts";

/** The text of a Barbican secret, by its href. */
export type SecretTexts = (cloud: Cloud, href: string) => Promise<string>;

/**
 * Each text is asked for once in a pass, however many steps are made of it; what failed is asked for anew. It is held in memory
 * alone.
 */
export function secretTexts(): SecretTexts {
  const known = new Map<string, Promise<string>>();
  return (cloud, href) => {
    const text = known.get(href) ?? cloud.keyManager.getPayload(href);
    known.set(href, text);
    text.catch(() => known.delete(href));
    return text;
  };
}
