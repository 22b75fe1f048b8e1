import * as z from "zod";
import { count, duration, range, size, slackId } from "./config-parts.ts";
import { unmeetable } from "./policy.ts";
import { policy, roles, tenantPolicy, tenantRoles } from "./policy-config.ts";

const channel = slackId("CGD", "a Slack channel id (C…)");
const zoneName = z
  .string()
  .regex(/^([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+$/, "must be a zone name that ends with a dot: k8s.example.org.");
const NAME_SERVER = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\])(:\d{1,5})?$/;

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
  /** Where the zone is looked up for on-call people; the zone's own name servers unless told. */
  nameServers: z
    .array(z.string().regex(NAME_SERVER, "must be the address of a name server: 192.0.2.53 or 192.0.2.53:5353"))
    .min(1)
    .optional(),
  cidrs: z
    .strictObject({
      nodes: range.default("10.20.0.0/24"),
      pods: range.default("10.244.0.0/16"),
      services: range.default("10.96.0.0/16"),
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
  policy: tenantPolicy.optional(),
  roles: tenantRoles.optional(),
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

const price = z.number().nonnegative();
const prices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency code: EUR"),
  /** Per hour. */
  flavors: z.record(z.string(), price).default({}),
  floatingIp: price.default(0),
  loadBalancer: price.default(0),
  rwxGiBMonth: price.default(0),
});

/** How often all clusters are looked at, whether or not anybody asks. */
const health = z.strictObject({ every: duration.prefault("1m") });

/** The file behind KINVIRT_CONFIG. Sizes become GiB and durations seconds. */
export const config = z
  .strictObject({
    tenants: z.record(z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "must be a DNS label"), tenant),
    templates: z.record(z.string(), template),
    defaultTemplate: z.string(),
    policy: policy.prefault({}),
    roles: roles.prefault({}),
    prices: prices.optional(),
    /** Slack workspaces whose people may act too, beside the one that the app is installed in. */
    workspaces: z.array(slackId("TE", "a Slack workspace id (T…)")).default([]),
    health: health.prefault({}),
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
    for (const { path, message } of unmeetable(all)) context.addIssue({ code: "custom", path: [...path], message });
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
