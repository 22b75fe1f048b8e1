import { healthFunction } from "../health.ts";
import { started } from "./start.ts";

export const handler = started(({ deps }) => healthFunction(deps));
