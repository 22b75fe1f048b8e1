import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { publishHome } from "../home/publish.ts";
import { previewForm } from "../modals/create.ts";
import { ask } from "./ask.ts";
import { lookAtGrave } from "./grave.ts";
import { healthOf } from "./health/index.ts";
import { measuredMessage } from "./measure.ts";
import { planRequest } from "./plan-request.ts";
import { reconcile } from "./reconcile.ts";
import { sweep } from "./sweep.ts";

/** The one reader of the queue: a message and what it causes. */
export const dispatch = (message: Message, deps: Deps): Promise<void> =>
  measuredMessage(deps, message, () => handle(message, deps));

async function handle(message: Message, deps: Deps): Promise<void> {
  switch (message.is) {
    case "plan":
      return planRequest(message.request, deps);
    case "reconcile":
      return reconcile(message.cluster, deps);
    case "grave":
      return lookAtGrave(message.cluster, deps);
    case "ask":
      return ask(message, deps);
    case "form":
      return previewForm(message.form, deps);
    case "home":
      return publishHome(message.user, deps);
    case "health":
      return healthOf(message.tenant, deps);
    case "sweep":
      return sweep(deps);
    default:
      // Of a newer kinvirt: it comes again until one takes it that knows it.
      throw new Error(`there is no such message here: ${(message as { readonly is: unknown }).is}`);
  }
}
