import { z } from "zod";
import { parseDuration, parseSize } from "../units.ts";

const size = z.string().transform((text, context) => {
  const gib = parseSize(text);
  if (gib === undefined)
    context.addIssue({ code: "custom", message: `"${text}" is not a size: write 50Gi, 100G or 2Ti` });
  return gib ?? z.NEVER;
});

const duration = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    context.addIssue({ code: "custom", message: `"${text}" is not a duration: write 30m, 12h or 7d` });
  return seconds ?? z.NEVER;
});

const slackId = (letters: string, what: string) =>
  z.string().regex(new RegExp(`^[${letters}][A-Z0-9]+$`), `must be ${what}`);
const channel = slackId("CGD", "a Slack channel id (C…)");
const zoneName = z
  .string()
  .regex(/^([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+$/, "must be a zone name that ends with a dot: k8s.example.org.");
const count = z.int().min(0);

const tenant = z.strictObject({
  cloud: z.string().min(1),
  channels: z.array(channel).min(1),
  oncallChannel: channel.optional(),
  externalNetwork: z.string().min(1),
  dnsZone: zoneName,
  shareType: z.string().min(1).optional(),
  shareProtocol: z.enum(["NFS", "CEPHFS"]).default("NFS"),
  loadBalancerProvider: z.enum(["ovn", "amphora"]).default("amphora"),
  /** `hard` where the project has at least as many hosts as control planes. */
  antiAffinity: z.enum(["soft", "hard"]).default("soft"),
  /** `registry.example.org/mirror`: holds all images of docs/images.md by their paths, for nodes without the internet. */
  imageRegistry: z.string().min(1).optional(),
  /** A mirror of https://pkgs.k8s.io, for images that bring no kubeadm of the cluster's version. */
  packageMirror: z.url().optional(),
  dnsNameservers: z.array(z.ipv4()).default([]),
  cidrs: z
    .strictObject({
      nodes: z.cidrv4().default("10.20.0.0/24"),
      pods: z.cidrv4().default("10.244.0.0/16"),
      services: z.cidrv4().default("10.96.0.0/16"),
    })
    .prefault({}),
  limits: z
    .strictObject({
      clusters: count.default(20),
      workers: count.default(20),
      rwx: size.prefault("10Ti"),
      ttl: duration.optional(),
    })
    .prefault({}),
});

const pool = z.strictObject({ count: z.int().min(1).max(100), flavor: z.string().min(1) });

const template = z.strictObject({
  version: z.enum(["1.35", "1.36"], 'must be a Kubernetes version that can be installed, in quotes: "1.35" or "1.36"'),
  image: z.string().min(1),
  controlPlane: pool.refine((p) => p.count % 2 === 1, {
    path: ["count"],
    message: "an odd number of control planes is needed for etcd's quorum",
  }),
  workers: pool.extend({ count: z.int().min(0).max(100) }),
  cni: z.enum(["calico", "cilium", "kuryr"]).default("calico"),
  /** Every cluster of it gets volumes for one node at a time, as with `--rwo`. */
  rwo: z.boolean().optional(),
});

const policy = z.strictObject({
  approvers: z.array(slackId("UWS", "a Slack user (U…) or user group (S…)")).default([]),
  approvals: z.int().min(1).default(1),
  expiresAfter: duration.prefault("24h"),
  autoApprove: z
    .strictObject({
      create: z.strictObject({ workers: count.optional(), rwx: size.optional(), ttl: duration.optional() }).optional(),
      scale: z.strictObject({ workers: count.optional() }).optional(),
      delete: z.strictObject({ own: z.boolean().default(false) }).optional(),
    })
    .prefault({}),
});

const price = z.number().nonnegative();
const prices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency code: EUR"),
  /** Per hour. */
  flavors: z.record(z.string(), price).default({}),
  floatingIp: price.default(0),
  loadBalancer: price.default(0),
  rwxGiBMonth: price.default(0),
});

/** The file behind KINVIRT_CONFIG. Sizes become GiB and durations seconds. */
export const config = z
  .strictObject({
    tenants: z.record(z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "must be a DNS label"), tenant),
    templates: z.record(z.string(), template),
    defaultTemplate: z.string(),
    policy: policy.prefault({}),
    prices: prices.optional(),
  })
  .superRefine((all, context) => {
    if (Object.keys(all.tenants).length === 0)
      context.addIssue({ code: "custom", path: ["tenants"], message: "is empty: add at least one" });
    if (!Object.hasOwn(all.templates, all.defaultTemplate)) {
      context.addIssue({
        code: "custom",
        path: ["defaultTemplate"],
        message: `no template is named "${all.defaultTemplate}": write ${Object.keys(all.templates).join(" or ")}`,
      });
    }
    const seen = new Map<string, string>();
    for (const [name, one] of Object.entries(all.tenants)) {
      one.channels.forEach((id, at) => {
        const other = seen.get(id);
        if (other !== undefined) {
          const message = `${id} already speaks for ${other}: a channel belongs to one tenant`;
          context.addIssue({ code: "custom", path: ["tenants", name, "channels", at], message });
        }
        seen.set(id, name);
      });
    }
  });

export type Config = z.infer<typeof config>;
export type Tenant = Config["tenants"][string];
export type Template = Config["templates"][string];
export type Policy = Config["policy"];
export type Prices = NonNullable<Config["prices"]>;
