import type { KubernetesDialer } from "../../../../shared/kubernetes/send.ts";

/** Workers whose Ready condition is what the test says. */
export function nodesBecome(way: KubernetesDialer) {
  const said: { ready: "True" | "False"; readonly dialer: KubernetesDialer } = {
    ready: "True",
    dialer: {
      ...way,
      connect: async (key, access) => {
        const send = await way.connect(key, access);
        return async (request) => {
          const answer = await send(request);
          if (!request.path.startsWith("/api/v1/nodes")) return answer;
          const body = JSON.parse(answer.body) as { items: { metadata: { name: string }; status: object }[] };
          for (const node of body.items)
            if (node.metadata.name.includes("-worker-1"))
              node.status = { conditions: [{ type: "Ready", status: said.ready }] };
          return { ...answer, body: JSON.stringify(body) };
        };
      },
    },
  };
  return said;
}
