import { Refusal } from "../model.ts";
import { viewJson } from "../views.ts";
import { type Method, type Methods, optional, required } from "./method.ts";

const open: Method = (args, { tickets, views }) => {
  const user = tickets.useTrigger(required(args, "trigger_id"));
  return { view: viewJson(views.open(args["view"], user)) };
};

const update: Method = (args, { views }) => {
  const external = optional(args, "external_id");
  const id = external === undefined ? required(args, "view_id") : views.byExternalId(external)?.id;
  if (id === undefined) throw new Refusal("not_found");
  return { view: viewJson(views.update(id, args["view"], optional(args, "hash"))) };
};

const publish: Method = (args, { workspace, views }) => {
  const user = required(args, "user_id");
  if (workspace.person(user) === undefined) throw new Refusal("user_not_found");
  return { view: viewJson(views.publish(args["view"], user)) };
};

export const modals: Methods = { "views.open": open, "views.update": update, "views.publish": publish };
