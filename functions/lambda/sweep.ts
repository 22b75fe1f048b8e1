import { sweepFunction } from "../sweep.ts";
import { started } from "./start.ts";

export const handler = started(({ deps }) => sweepFunction(deps));
