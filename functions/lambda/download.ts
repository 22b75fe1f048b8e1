import { downloadFunction } from "../download.ts";
import { started } from "./start.ts";

export const handler = started(({ deps }) => downloadFunction(deps));
