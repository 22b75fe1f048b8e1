import type { Chance } from "../../shared/ports/clock.ts";
import type { Json } from "./model.ts";

/** Slack names what a sender left without a name, so that every action can be told apart. */
export const withIds = (blocks: readonly Json[], chance: Chance): readonly Json[] =>
  blocks.map((block) => ("block_id" in block ? block : { ...block, block_id: chance.token(5) }));
