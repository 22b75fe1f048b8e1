import { among, type Mutant } from "./mutant.ts";

/** What the services' answers mean, and what they are asked, word by word. */
export const answers: readonly Mutant[] = [
  ...among({ file: "shared/openstack/retry.ts", tests: ["test/shared/openstack/rest.test.ts"] }, [
    {
      name: "an address that moved by a 308 is an answer",
      find: "[301, 302, 303, 307, 308]",
      replace: "[301, 302, 303]",
    },
    {
      name: "a look at what is not there counts as a failed call",
      find: ' && !(status === 404 && ["GET", "HEAD", "DELETE"].includes(method)));',
      replace: ");",
    },
    {
      name: "a POST to what does not exist counts as a good call",
      find: 'status === 404 && ["GET", "HEAD", "DELETE"].includes(method)',
      replace: "status === 404",
    },
    {
      name: "what was asked for by name is in the metrics",
      find: 'path.split("?")[0] ?? ""',
      replace: "path",
    },
  ]),
  ...among({ file: "shared/openstack/rest.ts", tests: ["test/shared/openstack/rest.test.ts"] }, [
    {
      name: "a limit is taken for a service without versions",
      find: "response.status >= 500 || response.status === 429",
      replace: "response.status >= 500",
    },
    {
      name: "Nova's list of versions is none",
      find: "response.status === 200 || response.status === 300 ?",
      replace: "response.status === 200 ?",
    },
  ]),
  ...among({ file: "shared/openstack/session.ts", tests: ["test/shared/openstack/session.test.ts"] }, [
    {
      name: "a Keystone that answers 200 refuses",
      find: "response.status !== 200 && response.status !== 201",
      replace: "response.status !== 201",
    },
    {
      name: "a region is called by its older name",
      find: 'one.region_id ?? one.region ?? ""',
      replace: 'one.region ?? ""',
    },
  ]),
  ...among({ file: "shared/openstack/trouble.ts", tests: ["test/shared/openstack/trouble.test.ts"] }, [
    {
      name: "what is locked can never succeed",
      find: "status === 409 || status === 423",
      replace: "status === 409",
    },
    {
      name: "a request that came too slowly can never succeed",
      find: "status === 408 || status === 425",
      replace: "status === 425",
    },
    {
      name: "a request that came too early can never succeed",
      find: "status === 408 || status === 425",
      replace: "status === 408",
    },
    {
      name: "a version that is not spoken is asked for again and again",
      find: " && status !== 501 && status !== 505",
      replace: " && status !== 501",
    },
    {
      name: "a full quota without the word is a conflict",
      find: '|| /"OverQuota"|"over_quota"/.test(body)',
      replace: "",
    },
    {
      name: "a name that was not found may have been sent to",
      find: '"ENOTFOUND", ',
      replace: "",
    },
    {
      name: "a name server that was away may have been sent to",
      find: '"EAI_AGAIN", ',
      replace: "",
    },
    {
      name: "a connection that was never made may have carried a POST",
      find: ', "UND_ERR_CONNECT_TIMEOUT"',
      replace: "",
    },
    {
      name: "a connection that was reset carried nothing",
      find: '"ECONNREFUSED", ',
      replace: '"ECONNREFUSED", "ECONNRESET", ',
    },
    {
      name: "a POST that a proxy lost was never heard",
      find: "new Set([429, 503]);\n/** No connection",
      replace: "new Set([429, 502, 503]);\n/** No connection",
    },
    {
      name: "a PATCH that was never sent may have been heard",
      find: 'method === "POST" || method === "PATCH"',
      replace: 'method === "POST"',
    },
    {
      name: "a server's password is told to people",
      find: "|adminpass",
      replace: "",
    },
    {
      name: "a secret's payload is told to people",
      find: "secret|payload|",
      replace: "secret|",
    },
    {
      name: "a secret of ten characters is told to people",
      find: "value.length >= 4",
      replace: "value.length >= 14",
    },
    {
      name: "what lies beside a secret is blotted out",
      find: "secretsOf(one, SECRET_FIELD.test(key))",
      replace: "secretsOf(one, secret || SECRET_FIELD.test(key))",
    },
    {
      name: "words of just the length lose their end",
      find: "line.length > FAULT_LENGTH",
      replace: "line.length >= FAULT_LENGTH",
    },
  ]),
  ...among({ file: "shared/openstack/compute.ts", tests: ["test/shared/openstack/compute.test.ts"] }, [
    {
      name: "what Nova has reserved is left",
      find: "used: in_use + reserved",
      replace: "used: in_use",
    },
    {
      name: "a zone that is down is one",
      find: ".filter((zone) => zone.zoneState.available)",
      replace: "",
    },
    {
      name: "groups count as members do",
      find: 'resource === "server_group_members"',
      replace: 'resource === "server_groups"',
    },
    {
      name: "a server is in no group",
      find: '"os:scheduler_hints": { group: serverGroupId }',
      replace: '"os:scheduler_hints": { different: serverGroupId }',
    },
    {
      name: "a server that has gone has an empty console",
      find: 'return said === undefined ? undefined : (said.output ?? "");',
      replace: 'return said?.output ?? "";',
    },
    {
      name: "a server that has gone can't be deleted",
      find: 'await unlessMissing(endpoint.call({ method: "DELETE", path: `/servers/${id}`, answer: anything }));',
      replace: 'await endpoint.call({ method: "DELETE", path: `/servers/${id}`, answer: anything });',
    },
    {
      name: "a whole console is read",
      find: "{ length: lines }",
      replace: "{}",
    },
  ]),
  ...among({ file: "shared/openstack/compute-server-groups.ts", tests: ["test/shared/openstack/compute.test.ts"] }, [
    {
      name: "a full page of server groups is the last",
      find: "page.length < PAGE_MIN",
      replace: "page.length <= PAGE_MIN",
    },
    {
      name: "pages of server groups overlap",
      find: "offset += page.length;",
      replace: "offset += PAGE_MIN;",
    },
    {
      name: "server groups of one name are one",
      find: "found.set(group.id, group)",
      replace: "found.set(group.name, group)",
    },
  ]),
  ...among({ file: "shared/openstack/network.ts", tests: ["test/shared/openstack/network.test.ts"] }, [
    {
      name: "what Neutron has reserved is left",
      find: "used: one.used + one.reserved",
      replace: "used: one.used",
    },
    {
      name: "subnets are of IPv6",
      find: "ip_version: 4",
      replace: "ip_version: 6",
    },
  ]),
  ...among({ file: "shared/openstack/network-collection.ts", tests: ["test/shared/openstack/network.test.ts"] }, [
    {
      name: "what we may not see is not there",
      find: 'if (isTrouble(error, "missing")) return undefined;\n    throw error;',
      replace: 'if (isTrouble(error, "missing", "denied")) return undefined;\n    throw error;',
    },
    {
      name: "a change is sent once",
      find: 'update: (id: string, body: Readonly<Record<string, unknown>>) =>\n      endpoint.call({ method: "PUT"',
      replace:
        'update: (id: string, body: Readonly<Record<string, unknown>>) =>\n      endpoint.call({ method: "PATCH"',
    },
  ]),
  ...among({ file: "shared/openstack/image.ts", tests: ["test/shared/openstack/image.test.ts"] }, [
    {
      name: "images that can't be booted from are listed",
      find: 'query: { ...query, status: "active" }',
      replace: "query: { ...query }",
    },
    {
      name: "an image whose name only contains it is taken",
      find: 'one.name === name && one.status === "active"',
      replace: 'one.status === "active"',
    },
    {
      name: "a comma in a name is a list of names",
      find: '/[:,"]/.test(name)',
      replace: "/[:]/.test(name)",
    },
    {
      name: "a tag stands for the oldest image",
      find: "b.created_at.localeCompare(a.created_at)",
      replace: "a.created_at.localeCompare(b.created_at)",
    },
    {
      name: "of two images of one name the first is taken",
      find: "if (found.length <= 1) return found[0];",
      replace: "if (found.length >= 0) return found[0];",
    },
    {
      name: "an image that is deactivated is booted from",
      find: 'if (byId?.status === "active") return byId;',
      replace: "if (byId !== undefined) return byId;",
    },
    {
      name: "an image without the tag is taken",
      find: ".filter((one) => one.tags.includes(nameOrTagOrId))",
      replace: "",
    },
  ]),
];
