import { among, type Mutant } from "./mutant.ts";

/** What each kind sends, reads and takes for its own, field by field. */
export const fields: readonly Mutant[] = [
  ...among({ file: "shared/resources/server.ts", tests: ["test/shared/resources/server.test.ts"] }, [
    {
      name: "a server without a config drive waits for a metadata service",
      find: "config_drive: true",
      replace: "config_drive: false",
    },
    {
      name: "a server does not say which step it is",
      find: ', "kinvirt-step": owner.step }',
      replace: " }",
    },
  ]),
  ...among({ file: "shared/resources/server.ts", tests: ["test/shared/resources/declared.test.ts"] }, [
    {
      name: "a server group waits until its last server is gone",
      find: 'releases: ["port", "router", "security-group", "server-group"]',
      replace: 'releases: ["port", "router", "security-group"]',
    },
  ]),
  ...among({ file: "shared/resources/share-access.ts", tests: ["test/shared/resources/declared.test.ts"] }, [
    {
      name: "an access rule that Manila forgot keeps its share for ever",
      find: '  releases: ["share"],\n',
      replace: "",
    },
  ]),
  ...among({ file: "shared/resources/floating-ip.ts", tests: ["test/shared/resources/declared.test.ts"] }, [
    {
      name: "an address that waits for its load balancer is listed by each pass",
      find: "  passive: true,\n",
      replace: "",
    },
  ]),
  ...among({ file: "shared/resources/ptr.ts", tests: ["test/shared/resources/declared.test.ts"] }, [
    {
      name: "a PTR record is handed on with its address",
      find: "  outlives: true,\n",
      replace: "",
    },
  ]),
  ...among({ file: "shared/resources/by-cluster.ts", tests: ["test/shared/resources/by-cluster.test.ts"] }, [
    {
      name: "a load balancer that goes is told so again",
      find: '["PENDING_DELETE", "DELETED"].includes(one.provisioning_status)',
      replace: "false",
    },
    {
      name: "a volume that its server still holds is deleted",
      find: '["in-use", "attaching", "detaching", "reserved"]',
      replace: '["in-use"]',
    },
    {
      name: "another project's text takes a DNS name along",
      find: "        one.project_id === projectId &&\n",
      replace: "",
    },
    {
      name: "a text speaks for names of other zones",
      find: "spoken.has(`${one.zone_id} ${one.type} ${one.name}`)",
      replace: "[...spoken].some((of) => of.endsWith(` ${one.type} ${one.name}`))",
    },
    {
      name: "a DNS record that goes is told so again",
      find: 'leaving: one.action === "DELETE"',
      replace: "leaving: false",
    },
    {
      name: "a claim's volume that goes is told so again",
      find: 'leaving: status === "deleting"',
      replace: "leaving: false",
    },
  ]),
  ...among({ file: "shared/resources/claimed.ts", tests: ["test/shared/resources/by-cluster.test.ts"] }, [
    {
      name: "another project's shares are a claim's",
      find: "one.project_id === projectId && one.metadata[SHARE_OF] === cluster",
      replace: "one.metadata[SHARE_OF] === cluster",
    },
    {
      name: "each volume is a claim's",
      find: "metadata[VOLUME_OF] === cluster;",
      replace: 'metadata[VOLUME_OF] !== "";',
    },
    {
      name: "each snapshot is a claim's",
      find: "listSnapshots({ [VOLUME_OF]: cluster })).filter(carries(cluster))",
      replace: "listSnapshots({ [VOLUME_OF]: cluster }))",
    },
    {
      name: "all volumes of a project are listed for one cluster's",
      find: "listVolumes({ [VOLUME_OF]: cluster })",
      replace: "listVolumes({})",
    },
  ]),
  ...among({ file: "shared/resources/share.ts", tests: ["test/shared/resources/share.test.ts"] }, [
    {
      name: "a share that is deleted later counts as being made",
      find: "/^(deferred_)?deleting$|",
      replace: "/^deleting$|",
    },
    {
      name: "a share that nobody manages counts as being made",
      find: "|^unmanaged$/",
      replace: "/",
    },
    {
      name: "a share that grows is told to grow again",
      find: ' || now.status !== "ready") return after;',
      replace: ") return after;",
    },
  ]),
  ...among({ file: "shared/resources/share-access.ts", tests: ["test/shared/resources/share.test.ts"] }, [
    {
      name: "an access rule that is deleted counts as being made",
      find: ' || state === "deleted" ?',
      replace: " ?",
    },
    {
      name: "an access rule that is to go counts as being made",
      find: 'state === "queued_to_deny" || state',
      replace: "state",
    },
    {
      name: "an access rule in error is waited for",
      find: 'if (state === "error") return "failed";',
      replace: "",
    },
    {
      name: "who may only read may write",
      find: "access_level: level, metadata",
      replace: 'access_level: "rw", metadata',
    },
    {
      name: "a share is opened to every address that is written oddly",
      find: "!/\\/0+$/.test(cidr)",
      replace: "!/\\/0$/.test(cidr)",
    },
  ]),
  ...among({ file: "shared/resources/security-group.ts", tests: ["test/shared/resources/security-group.test.ts"] }, [
    {
      name: "a rule for UDP that Neutron keeps by number is made again and again",
      find: '"6": "tcp", "17": "udp"',
      replace: '"6": "tcp"',
    },
    {
      name: "a rule for a group of addresses is one for everybody",
      find: "rule.remote_group_id ?? rule.remote_address_group_id ?? rule.remote_ip_prefix",
      replace: "rule.remote_group_id ?? rule.remote_ip_prefix",
    },
    {
      name: "a rule for everybody is made again and again",
      find: 'const from = remote ?? ANYWHERE[rule.ethertype ?? "IPv4"];',
      replace: "const from = remote;",
    },
    {
      name: "a rule for more ports is the one that is wanted",
      find: "rule.port_range_min, rule.port_range_max, from",
      replace: "rule.port_range_min, from",
    },
    {
      name: "a rule for IPv6 is the one that is wanted",
      find: "[rule.direction, rule.ethertype, protocol",
      replace: "[rule.direction, protocol",
    },
  ]),
  ...among(
    {
      file: "shared/resources/load-balancer-parts.ts",
      tests: ["test/shared/resources/load-balancer.test.ts"],
    },
    [
      {
        name: "OVN is asked for an algorithm that it has not",
        find: 'provider === "ovn" ? "SOURCE_IP_PORT" : "ROUND_ROBIN"',
        replace: '"ROUND_ROBIN"',
      },
      {
        name: "members are reached at the listener's port",
        find: "protocol_port: memberPort ?? port",
        replace: "protocol_port: port",
      },
      {
        name: "members are looked for in the VIP's subnet",
        find: "subnet_id: memberSubnetId ?? subnetId",
        replace: "subnet_id: subnetId",
      },
      {
        name: "a member that is down is found out after five minutes",
        find: "delay: 10,",
        replace: "delay: 100,",
      },
      {
        name: "a pool that lacks is never made",
        find: "else if (poolId === undefined) await api.createPool({ ...poolOf(name, spec), listener_id: listenerId });\n  else if (monitorId === undefined)",
        replace: "else if (monitorId === undefined && poolId !== undefined)",
      },
    ],
  ),
  ...among({ file: "shared/resources/load-balancer.ts", tests: ["test/shared/resources/load-balancer.test.ts"] }, [
    {
      name: "a load balancer has no tag",
      find: "tags: [labels.description], ",
      replace: "",
    },
    {
      name: "Kubernetes' own address is any",
      find: "...(address === undefined ? {} : { vip_address: address })",
      replace: "...{}",
    },
  ]),
  ...among({ file: "shared/resources/recordset.ts", tests: ["test/shared/resources/recordset.test.ts"] }, [
    {
      name: "another project's record is ours by its id",
      find: "return found?.project_id === projectId ? see(cluster, found) : undefined;",
      replace: "return found === undefined ? undefined : see(cluster, found);",
    },
    {
      name: "a record of another type holds the name",
      find: "one.name === spec.name && one.type === spec.type)",
      replace: "one.name === spec.name)",
    },
    {
      name: "a record of another name holds it",
      find: "one.name === spec.name && one.type === spec.type)",
      replace: "one.type === spec.type)",
    },
    {
      name: "a record that goes is changed",
      find: 'if (same || seen.status === "leaving") return seen;',
      replace: "if (same) return seen;",
    },
  ]),
  ...among({ file: "shared/resources/dns-mark.ts", tests: ["test/shared/resources/recordset.test.ts"] }, [
    {
      name: "a mark without a step is a mark",
      find: 'step === undefined || step === "" ||',
      replace: "step === undefined ||",
    },
    {
      name: "a record that is deleted counts as being made",
      find: 'of.action === "DELETE" || of.status === "DELETED"',
      replace: 'of.action === "DELETE"',
    },
    {
      name: "a record whose delete failed is waited for",
      find: 'if (of.status === "ERROR") return "failed";\n  if (of.action === "DELETE" || of.status === "DELETED") return "leaving";',
      replace:
        'if (of.action === "DELETE" || of.status === "DELETED") return "leaving";\n  if (of.status === "ERROR") return "failed";',
    },
  ]),
  ...among({ file: "shared/resources/ptr.ts", tests: ["test/shared/resources/ptr.test.ts"] }, [
    {
      name: "a PTR record that was taken away is there",
      find: "pointer.ptrdname === null ? undefined",
      replace: "pointer === null ? undefined",
    },
    {
      name: "an address that Designate does not know yet is a bug",
      find: "if (now === undefined) {",
      replace: "if (false as boolean) {",
    },
    {
      name: "an address that Designate does not know yet is a person's",
      find: 'fault, trouble: "conflict" });',
      replace: 'fault, trouble: "missing" });',
    },
    {
      name: "a PTR record of another TTL is right",
      find: '=== ptrdname && seen.facts["ttl"] === String(ttl)',
      replace: "=== ptrdname",
    },
    {
      name: "a PTR record of another name is right",
      find: 'seen.facts["ptrdname"] === ptrdname && seen',
      replace: "seen",
    },
    {
      name: "a PTR record that goes is changed",
      find: 'if (same || seen.status === "leaving") return seen;',
      replace: "if (same) return seen;",
    },
  ]),
  ...among({ file: "shared/resources/router.ts", tests: ["test/shared/resources/neutron-states.test.ts"] }, [
    {
      name: "a router that has failed is joined",
      find: 'if (was.status === "failed") return was;',
      replace: "",
    },
    {
      name: "the nodes come from an IPv6 address",
      find: 'find((ip) => ip.ip_address.includes("."))',
      replace: "find(() => true)",
    },
  ]),
  ...among({ file: "shared/resources/port.ts", tests: ["test/shared/resources/neutron-states.test.ts"] }, [
    {
      name: "a port in ERROR is of use",
      find: 'status === "failed" ? status : address',
      replace: "address",
    },
    {
      name: "a port without an address is of use",
      find: 'address === undefined ? "pending" : "ready"',
      replace: '"ready"',
    },
  ]),
  ...among({ file: "shared/resources/floating-ip.ts", tests: ["test/shared/resources/neutron-states.test.ts"] }, [
    {
      name: "an address that leads there already refuses to",
      find: "if (now?.port_id === portId) return now;",
      replace: "",
    },
    {
      name: "an address in ERROR is attached",
      find: ' || now.status === "failed") return now;',
      replace: ") return now;",
    },
    {
      name: "an address that leads nowhere yet is waited for",
      find: '["ACTIVE", "DOWN"]',
      replace: '["ACTIVE"]',
    },
  ]),
  ...among({ file: "shared/resources/trunk.ts", tests: ["test/shared/resources/neutron-states.test.ts"] }, [
    {
      name: "a trunk with a subport that is not wired is waited for",
      find: '["ACTIVE", "DOWN", "BUILD", "DEGRADED"]',
      replace: '["ACTIVE", "DOWN", "BUILD"]',
    },
  ]),
  ...among({ file: "shared/resources/listed.ts", tests: ["test/shared/resources/neutron-states.test.ts"] }, [
    {
      name: "what Neutron has in ERROR is waited for",
      find: 'if (state === "ERROR")',
      replace: 'if (state === "FAILED")',
    },
  ]),
  ...among({ file: "shared/resources/router.ts", tests: ["test/shared/resources/router.test.ts"] }, [
    {
      name: "a distributed router is joined again and again",
      find: '  "network:router_interface_distributed",\n',
      replace: "",
    },
    {
      name: "a highly available router is joined again and again",
      find: '  "network:ha_router_replicated_interface",\n',
      replace: "",
    },
    {
      name: "a way from one subnet is a way from all",
      find: "port.fixed_ips.some((ip) => ip.subnet_id === subnetId)",
      replace: "port.fixed_ips.length > 0",
    },
    {
      name: "a join that was done already is a conflict for ever",
      find: 'if (!isTrouble(error, "invalid", "conflict")) throw error;',
      replace: 'if (!isTrouble(error, "invalid")) throw error;',
    },
    {
      name: "a join that was done already can never succeed",
      find: 'if (!isTrouble(error, "invalid", "conflict")) throw error;',
      replace: 'if (!isTrouble(error, "conflict")) throw error;',
    },
    {
      name: "a join that a listing does not show yet has failed",
      find: "if (saysJoined(error, subnetId) || (await joins(cloud, routerId, subnetId))) return;",
      replace: "if (await joins(cloud, routerId, subnetId)) return;",
    },
    {
      name: "a join that only a listing shows has failed",
      find: "if (saysJoined(error, subnetId) || (await joins(cloud, routerId, subnetId))) return;",
      replace: "if (saysJoined(error, subnetId)) return;",
    },
  ]),
  ...among({ file: "shared/resources/subnet.ts", tests: ["test/shared/resources/subnet.test.ts"] }, [
    {
      name: "name servers are asked in any order",
      find: "dnsNameservers.join() === now.dnsNameservers.join()",
      replace: "dnsNameservers.toSorted().join() === now.dnsNameservers.toSorted().join()",
    },
    {
      name: "a subnet that may not be deleted loses its ports",
      find: '!isTrouble(error, "conflict") || !(await',
      replace: "!(await",
    },
    {
      name: "a subnet's gateway is any address",
      find: "...(gateway === undefined ? {} : { gateway_ip: gateway }),",
      replace: "",
    },
    {
      name: "Neutron gives out Kubernetes' own addresses",
      find: "...(pool === undefined ? {} : { allocation_pools: [pool] }),",
      replace: "",
    },
    {
      name: "what was left in other subnets goes too",
      find: "{ fixed_ips: `subnet_id=${subnetId}` }",
      replace: "{}",
    },
  ]),
  ...among({ file: "shared/resources/credential.ts", tests: ["test/shared/resources/credential.test.ts"] }, [
    {
      name: "a rule that could not be deleted is forgotten",
      find: 'if (!isTrouble(error, "denied")) throw error;',
      replace: "",
    },
    {
      name: "a time with an offset is none",
      find: "/Z$|[+-]\\d\\d:?\\d\\d$/.test(text) ? text",
      replace: "/Z$/.test(text) ? text",
    },
    {
      name: "a login never ends",
      find: "const end = expiresAt === undefined ? {} : { expiresAt };",
      replace: "const end = {};",
    },
  ]),
  ...among({ file: "shared/resources/secret.ts", tests: ["test/shared/resources/secret.test.ts"] }, [
    {
      name: "a secret that Barbican could not store is waited for",
      find: 'if (secret.status === "ERROR") return',
      replace: 'if (secret.status === "FAILED") return',
    },
    {
      name: "who may read a secret is asked before it is stored",
      find: 'seen.status !== "pending" || seen.state !== "ACTIVE"',
      replace: 'seen.status !== "pending"',
    },
    {
      name: "a secret that has gone is ready",
      find: "if (shared === undefined) return seen;",
      replace: "",
    },
    {
      name: "a secret that is private is made so again and again",
      find: "if (shared) await cloud",
      replace: "await cloud",
    },
    {
      name: "who may read a new secret is asked in vain",
      find: "fresh === true || (await",
      replace: "(await",
    },
  ]),
  ...among({ file: "shared/resources/key.ts", tests: ["test/shared/resources/secret.test.ts"] }, [
    {
      name: "a key of another name is ours by its id",
      find: "secret !== undefined && isKey(secret, cluster) ?",
      replace: "secret !== undefined ?",
    },
    {
      name: "a key that Barbican could not store is ready",
      find: 'secret.status === "ERROR" ? "failed" : "ready"',
      replace: '"ready"',
    },
  ]),
  ...among({ file: "shared/cluster/needs.ts", tests: ["test/shared/cluster/room.test.ts"] }, [
    {
      name: "storage costs a month's price each hour",
      find: "prices.rwxGiBMonth) / HOURS_PER_MONTH",
      replace: "prices.rwxGiBMonth) / 1",
    },
    {
      name: "a month has 720 hours",
      find: "HOURS_PER_MONTH = 730",
      replace: "HOURS_PER_MONTH = 720",
    },
    {
      name: "workers cost what control planes do",
      find: "spec.workers.count * (prices.flavors[spec.workers.flavor] ?? 0)",
      replace: "spec.workers.count * (prices.flavors[spec.controlPlane.flavor] ?? 0)",
    },
    {
      name: "one address is paid for",
      find: '(needs.get("network/floatingip") ?? 0) * prices.floatingIp +',
      replace: "prices.floatingIp +",
    },
    {
      name: "another service's quota of that name counts",
      find: "`${one.service}/${one.resource}` === key",
      replace: "one.resource === key.split('/')[1]",
    },
  ]),
  ...among({ file: "shared/cluster/room.ts", tests: ["test/shared/cluster/room.test.ts"] }, [
    {
      name: "what is promised to others is left",
      find: "quota.limit - quota.used - (reserved.get(keyOf(quota)) ?? 0)",
      replace: "quota.limit - quota.used",
    },
    {
      name: "what is used counts twice",
      find: "quota.limit - quota.used - (reserved",
      replace: "quota.limit - 2 * quota.used - (reserved",
    },
    {
      name: "half of a cluster fits",
      find: "clusters: Math.floor(tightest.fits)",
      replace: "clusters: Math.round(tightest.fits)",
    },
    {
      name: "a quota of nothing has no limit",
      find: "quota.limit < 0\n    ? Number.POSITIVE_INFINITY",
      replace: "quota.limit <= 0\n    ? Number.POSITIVE_INFINITY",
    },
    {
      name: "less than nothing is left",
      find: ": Math.max(0, quota.limit",
      replace: ": Math.max(-99, quota.limit",
    },
    {
      name: "what was only meant to be made takes its room already",
      find: "status.steps[step]?.id !== undefined",
      replace: "status.steps[step] !== undefined",
    },
    {
      name: "machines that are there take their cores again",
      find: 'servers("worker") }',
      replace: "spec.workers.count }",
    },
    {
      name: "the widest quota ends first",
      find: "a.fits - b.fits",
      replace: "b.fits - a.fits",
    },
    {
      name: "of what several take the last one's counts",
      find: "(sum.get(key) ?? 0) + count",
      replace: "count",
    },
  ]),
  ...among({ file: "shared/cluster/kubernetes/node-step.ts", tests: ["test/shared/cluster/node-step.test.ts"] }, [
    {
      name: "a server whose id begins alike is the node's",
      find: "!node.spec.providerID.endsWith(`/${serverId}`)",
      replace: "!node.spec.providerID.includes(serverId)",
    },
    {
      name: "a node that is silent is Ready",
      find: 'ready?.status === "True"',
      replace: 'ready?.status !== "False"',
    },
    {
      name: "a console that we may not see keeps a machine",
      find: ' || isTrouble(error, "denied");',
      replace: ";",
    },
    {
      name: "a machine without a console is never given up",
      find: 'isTrouble(error, "conflict") || isTrouble',
      replace: "isTrouble",
    },
    {
      name: "a machine has a moment more than its time",
      find: "overdueMs < 0)",
      replace: "overdueMs <= 0)",
    },
    {
      name: "a machine on a dead host is never given up",
      find: "overdueMs >= CONSOLE_MS_MAX)",
      replace: "overdueMs < 0)",
    },
    {
      name: "a server that is not there yet is late",
      find: "Math.max(readyMs ?? Infinity, apiMs ?? Infinity)",
      replace: "Math.max(readyMs ?? 0, apiMs ?? 0)",
    },
  ]),
  ...among({ file: "shared/cluster/kubernetes/session.ts", tests: ["test/shared/cluster/addon-step.test.ts"] }, [
    {
      name: "a certificate that the API does not take yet stops a cluster",
      find: "[401, 403, 404, 409, 429]",
      replace: "[403, 404, 409, 429]",
    },
    {
      name: "a right that is not there yet stops a cluster",
      find: "[401, 403, 404, 409, 429]",
      replace: "[401, 404, 409, 429]",
    },
    {
      name: "an API that breaks once stops a cluster",
      find: "(error.status ?? 0) >= 500)) return",
      replace: "(error.status ?? 0) > 500)) return",
    },
  ]),
  ...among({ file: "shared/cluster/kubernetes/addon-step.ts", tests: ["test/shared/cluster/addon-step.test.ts"] }, [
    {
      name: "an add-on of this operation is not repaired",
      find: 'applied === now.facts["hash"] && !session.repair) return now;',
      replace: 'applied === now.facts["hash"]) return now;',
    },
    {
      name: "an add-on that can't be applied is there as it was",
      find: 'if (again === undefined) return { ...now, status: "pending", state: "not applied yet" };',
      replace: "if (again === undefined) return now;",
    },
    {
      name: "workloads that could not be looked at run",
      find: 'lacks === "" ? "ready" : "pending"',
      replace: '!lacks ? "ready" : "pending"',
    },
  ]),
  ...among({ file: "shared/cluster/kubernetes/session.ts", tests: ["test/shared/cluster/session.test.ts"] }, [
    {
      name: "kinvirt enters clusters with rights that nobody can take away",
      find: "groups: [ADMINISTRATORS]",
      replace: 'groups: ["system:masters"]',
    },
    {
      name: "kinvirt's certificate is good for a night",
      find: "CERTIFICATE_SECONDS = 3600",
      replace: "CERTIFICATE_SECONDS = 36000",
    },
    {
      name: "a cluster is dialled where its API was before",
      find: "`${cluster} ${address}`",
      replace: "`${cluster}`",
    },
    {
      name: "a cluster is asked through a line that has ended",
      find: "if (line?.send !== send) line",
      replace: "if (line === undefined) line",
    },
  ]),
  ...among(
    {
      file: "shared/cluster/kubernetes/approve-serving.ts",
      tests: ["test/shared/cluster/approve-serving.test.ts"],
    },
    [
      {
        name: "a certificate that somebody denied is approved",
        find: ' || type === "Denied"',
        replace: "",
      },
    ],
  ),
  ...among({ file: "shared/cluster/kubernetes/node-step.ts", tests: ["test/shared/cluster/approve-serving.test.ts"] }, [
    {
      name: "a kubelet waits for its certificate for ever",
      find: "address: spec.address }]",
      replace: 'address: "" }]',
    },
  ]),
  ...among({ file: "shared/bootstrap/node.ts", tests: ["test/shared/bootstrap/user-data.test.ts"] }, [
    {
      name: "everybody on a node reads where its payload is",
      find: 'path: "/etc/kinvirt/node.env", mode: "0600"',
      replace: 'path: "/etc/kinvirt/node.env", mode: "0644"',
    },
    {
      name: "everybody on a node reads kubeadm's documents",
      find: 'path: "/etc/kinvirt/kubeadm.yaml", mode: "0600"',
      replace: 'path: "/etc/kinvirt/kubeadm.yaml", mode: "0644"',
    },
    {
      name: "a mirror that was away for some minutes costs a machine",
      find: '"$SECONDS" -lt ${JOIN_SECONDS}',
      replace: '"$SECONDS" -lt 60',
    },
    {
      name: "a machine that was reset as it came is never a node",
      find: "scripts/per-boot/kinvirt",
      replace: "scripts/per-instance/kinvirt",
    },
  ]),
  ...among({ file: "shared/kubernetes/call.ts", tests: ["test/shared/kubernetes/api.test.ts"] }, [
    {
      name: "a listing whose place is gone has failed",
      find: 'isRefusal(error, "Expired", "Gone")',
      replace: 'isRefusal(error, "Expired")',
    },
    {
      name: "a listing begins anew behind its last page",
      find: 'next === undefined || next === ""',
      replace: "next === undefined",
    },
    {
      name: "a redirect is an answer",
      find: "response.status < 200 || response.status >= 300",
      replace: "response.status >= 400",
    },
    {
      name: "what we may not see in a cluster is not there",
      find: 'if (isRefusal(error, "NotFound")) return undefined;',
      replace: 'if (isRefusal(error, "NotFound", "Forbidden")) return undefined;',
    },
  ]),
  ...among({ file: "shared/kubernetes/errors.ts", tests: ["test/shared/kubernetes/api.test.ts"] }, [
    {
      name: "a listing of Secrets quotes one",
      find: "/\\/secrets(\\/|\\?|$)/",
      replace: "/\\/secrets\\//",
    },
    {
      name: "what was asked of a cluster is in its errors",
      find: 'path: path.replace(/\\?.*/, "")',
      replace: "path",
    },
    {
      name: "a cluster's words are as long as it likes",
      find: "words.slice(0, MESSAGE_MAX)",
      replace: "words",
    },
  ]),
  ...among({ file: "shared/kubernetes/paths.ts", tests: ["test/shared/kubernetes/api.test.ts"] }, [
    {
      name: "a name leads to another path",
      find: ".map(encodeURIComponent)]",
      replace: "]",
    },
  ]),
  ...among({ file: "shared/kubernetes/api.ts", tests: ["test/shared/kubernetes/api.test.ts"] }, [
    {
      name: "a Deployment without a number wants nothing",
      find: "spec.replicas ?? 1",
      replace: "spec.replicas ?? 0",
    },
    {
      name: "a server that does not say what fails is ready",
      find: "ready: status === 200",
      replace: "ready: status === 200 || failing.length === 0",
    },
  ]),
  ...among({ file: "shared/bootstrap/serving.ts", tests: ["test/shared/bootstrap/serving.test.ts"] }, [
    {
      name: "a serving certificate need not be for a server",
      find: ' ||\n    !usages.has("server auth")',
      replace: "",
    },
    {
      name: "a request names somebody beside itself",
      find: "values.length === 1 && values[0] === value",
      replace: "values[0] === value",
    },
  ]),
  ...among({ file: "shared/cluster/kubernetes/leftovers.ts", tests: ["test/shared/cluster/content.test.ts"] }, [
    {
      name: "claims whose data is to be kept are asked for",
      find: "keepData ? [] : api.listClaims()",
      replace: "api.listClaims()",
    },
    {
      name: "Ingresses are left",
      find: '...of("Ingress", "networking.k8s.io/v1", ingresses),',
      replace: "",
    },
    {
      name: "Services are left",
      find: '...of("Service", "v1", services),',
      replace: "",
    },
    {
      name: "a cluster is asked for less than three minutes",
      find: "session.nowMs() - session.startedMs > CONTENT_MS_MAX",
      replace: "session.nowMs() - session.startedMs >= CONTENT_MS_MAX",
    },
    {
      name: "claims' shares whose data is to be kept are swept",
      find: "...(keepData === true ? [] : data)];",
      replace: "...data];",
    },
    {
      name: "workers answer for a cluster",
      find: '.filter(({ role }) => role === "control-plane")\n        .map(({ name }) => serverStep(name)),\n    }),',
      replace: ".map(({ name }) => serverStep(name)),\n    }),",
    },
    {
      name: "what removes a cluster's own things loses its logins first",
      find: "users.flatMap((user) => [`credential/${user}`, `secret/${user}`])",
      replace: "[] as string[]",
    },
    {
      name: "what removes a cluster's volumes loses its login first",
      find: '...(data.length === 0 ? [] : [loginOf("storage", count)])',
      replace: "",
    },
    {
      name: "a login of before its renewal is kept for the end",
      find: 'loginOf("controllers", count), ...',
      replace: 'loginOf("controllers", 0), ...',
    },
    {
      name: "Kuryr's addresses are swept while it makes them",
      find: " && !hasKuryr(spec);",
      replace: ";",
    },
    {
      name: "a volume goes before its snapshots",
      find: 'kind === "claim-snapshot" ? [leftStep("claim-volume")] : []',
      replace: "[]",
    },
    {
      name: "what others make is looked for while they make it",
      find: "makers: servers };",
      replace: "makers: [] };",
    },
    {
      name: "what is left is swept while the cluster still makes it",
      find: "needs: [...servers, ...way, ...left],",
      replace: "needs: [...servers, ...way],",
    },
  ]),
];
