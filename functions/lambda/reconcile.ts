import { reconcileFunction } from "../reconcile.ts";
import { started } from "./start.ts";

export const handler = started(({ deps }) => reconcileFunction(deps));
