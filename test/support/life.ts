import { clusters } from "../../shared/state/index.ts";
import type { Bot } from "./bot.ts";

/** `/k8s create dev --rwx 100G`, approved by a click, until it is ready. */
export async function create(one: Bot, name: string): Promise<void> {
  const all = clusters(one.deps.store);
  await one.type(`create ${name} --rwx 100G`);
  await one.work(async () => one.button("request:approve") !== "");
  await one.click("request:approve", one.button("request:approve"));
  await one.work(async () => ["ready", "blocked"].includes((await all.get(`team-a/${name}`))?.status.phase ?? ""));
  expect((await all.get(`team-a/${name}`))?.status.blocked).toBeUndefined();
  expect((await all.get(`team-a/${name}`))?.status.phase).toBe("ready");
}

/** `/k8s delete dev`, confirmed, until its record is gone. */
export async function remove(one: Bot, name: string): Promise<void> {
  const all = clusters(one.deps.store);
  const answer = await one.type(`delete ${name}`);
  const value =
    /"value":"([^"]+)"[^}]*"action_id":"delete:confirm"|"action_id":"delete:confirm"[^}]*"value":"([^"]+)"/.exec(
      answer,
    );
  await one.click("delete:confirm", value?.[1] ?? value?.[2] ?? one.button("delete:confirm"), "U0DEV");
  await one.work(async () => (await all.get(`team-a/${name}`)) === undefined);
  expect(await all.get(`team-a/${name}`)).toBeUndefined();
}
