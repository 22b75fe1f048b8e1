import ipaddr from "ipaddr.js";
import * as z from "zod";
import { parseDuration, parseSize } from "../units.ts";

/** Becomes GiB. */
export const size = z.string().transform((text, context) => {
  const gib = parseSize(text);
  if (gib === undefined)
    context.addIssue({ code: "custom", message: `"${text}" is not a size: write 50Gi, 100G or 2Ti` });
  return gib ?? z.NEVER;
});

/** Becomes seconds. */
export const duration = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    context.addIssue({ code: "custom", message: `"${text}" is not a duration: write 30m, 12h or 7d` });
  return seconds ?? z.NEVER;
});

export const slackId = (letters: string, what: string) =>
  z.string().regex(new RegExp(`^[${letters}][A-Z0-9]+$`), `must be ${what}`);

export const count = z.int().min(0);

/** `10.20.0.5/24` is a range to Neutron, which makes `10.20.0.0/24` of it, and none to Calico ("not strictly masked"). */
export const range = z
  .cidrv4()
  .refine(
    (text) => !ipaddr.IPv4.isValidCIDR(text) || text.startsWith(`${ipaddr.IPv4.networkAddressFromCIDR(text)}/`),
    "must begin with the first address of its range: 10.20.0.0/24, and not 10.20.0.5/24",
  );
