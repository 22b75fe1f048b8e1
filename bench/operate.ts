import { RWX_GIB, type Size } from "./graph.ts";
import type { Stage } from "./stage.ts";

/** From the click that lets it begin to the word that it is done. */
export interface Operated {
  readonly beganMs: number;
  readonly toldMs: number;
}

export async function createBy(stage: Stage, name: string, { controlPlanes, workers }: Size): Promise<Operated> {
  await stage.type(`create ${name} --rwx ${RWX_GIB}Gi --control-plane ${controlPlanes} --workers ${workers}`);
  await stage.told(new RegExp(`${name}.*needs an approval`));
  const beganMs = Date.now();
  await stage.press("request:approve", "U0APPROVER");
  return { beganMs, toldMs: await stage.told(new RegExp(`\\*${name}\\* is ready after`)) };
}

/** `confirmed` is called in the moment of the click. */
export async function deleteBy(stage: Stage, name: string, confirmed: () => void = () => undefined): Promise<Operated> {
  await stage.type(`delete ${name}`);
  await stage.told(new RegExp(`Delete \\*${name}\\*`));
  const beganMs = Date.now();
  confirmed();
  await stage.press("delete:confirm", "U0DEV");
  return { beganMs, toldMs: await stage.told(new RegExp(`\\*${name}\\* is deleted after`)) };
}
