import type { Cloud } from "../openstack/cloud.ts";

/** The text of a Barbican secret, by its href. */
export interface SecretTexts {
  (cloud: Cloud, href: string): Promise<string>;
  /** What was just stored there need not be asked for. */
  stored(href: string, text: string): void;
}

/**
 * Each text is asked for once in a pass, however many steps are made of it; what failed is asked for anew. It is held in memory
 * alone.
 */
export function secretTexts(): SecretTexts {
  const known = new Map<string, Promise<string>>();
  const textOf = (cloud: Cloud, href: string): Promise<string> => {
    const text = known.get(href) ?? cloud.keyManager.getPayload(href);
    known.set(href, text);
    text.catch(() => known.delete(href));
    return text;
  };
  return Object.assign(textOf, { stored: (href: string, text: string) => void known.set(href, Promise.resolve(text)) });
}
