import { slackFunction } from "../slack.ts";
import { started } from "./start.ts";

export const handler = started(({ deps, signingSecret }) => slackFunction(deps, signingSecret));
