import type { World } from "./world.ts";

const PATH = "/api/v1/namespaces/default/services";
const USER = { name: "somebody", groups: ["system:masters", "system:authenticated"] };
const NAMES = ["web", "shop", "mail"] as const;
/** How often the controllers in the clusters get their turn when nobody calls their API. */
const TURN_MS = 2000;

/** What is due in the clusters happens also while the bot does not look. */
export function alive(world: World, untilMs: number): void {
  const { time, inside } = world;
  const turn = async (): Promise<void> => {
    await inside?.settle();
    if (time.nowMs() < untilMs) time.at(time.nowMs() + TURN_MS, turn);
  };
  if (inside !== undefined) time.at(time.nowMs(), turn);
}

/** People who use the clusters: they ask for load balancers in them and give some back, whatever goes on around them. */
export function services(world: World, untilMs: number): void {
  const { time, inside, trace, watch, counts } = world;
  const draw = world.draw.fork("storms/services");
  if (inside === undefined) return;
  const act = (): void => {
    const clusters = [...watch.records.values()].flatMap(({ id, status }) => {
      const home = inside.clusterAt(status.steps["floating-ip/api"]?.facts["address"] ?? "");
      return home === undefined || home.isDown ? [] : [{ id, home }];
    });
    const one = clusters[draw.between(0, Math.max(0, clusters.length - 1))];
    const name = draw.pick(NAMES);
    const gives = draw.yes(0.3);
    if (one !== undefined) {
      const spec = { type: "LoadBalancer", selector: { app: name }, ports: [{ port: 80 }] };
      const body = gives ? "" : JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name }, spec });
      const reply = one.home.answer({
        method: gives ? "DELETE" : "POST",
        path: gives ? `${PATH}/${name}` : PATH,
        headers: { "content-type": "application/json" },
        body,
        user: USER,
      });
      trace.say(`somebody ${gives ? "gives back" : "wants"} ${name} in ${one.id}: ${reply.status}`);
      if (reply.status === 201) counts.services += 1;
    }
    if (time.nowMs() < untilMs) time.at(time.nowMs() + draw.between(20_000, 240_000), act);
  };
  time.at(time.nowMs(), act);
}
