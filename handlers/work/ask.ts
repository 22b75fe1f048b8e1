import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { clusters } from "../../shared/state/index.ts";
import { clustersOf } from "../records.ts";
import { refused } from "../views/answers.ts";
import { code, quote } from "../views/text.ts";
import { ANSWERS, OF_TENANT } from "./answers/index.ts";
import type { Question, Subject } from "./answers/question.ts";
import { cloudRefusal } from "./cloud-refusal.ts";

async function subjectOf(deps: Deps, question: Question): Promise<Subject> {
  const [tenant = "", name = ""] = question.cluster.split("/");
  if (name === "") return { tenant, records: await clustersOf(deps, tenant) };
  const record = await clusters(deps.store).get(`${tenant}/${name}`);
  return { tenant, name, records: record === undefined ? [] : [record] };
}

async function answer(deps: Deps, question: Question): Promise<SlackMessage> {
  const subject = await subjectOf(deps, question);
  const { tenant, name, records } = subject;
  if (records.length === 0 && !OF_TENANT.has(question.what))
    return refused(
      name === undefined ? `${tenant} has no clusters.` : `${tenant} has no cluster ${code(name)} any more.`,
    );
  return ANSWERS[question.what](subject, question, deps);
}

/**
 * Reads the cloud live and tells the person who asked; a cloud that does not answer is an answer too. Reads only, so a
 * message that comes twice does no harm.
 */
export async function ask(question: Question, deps: Deps): Promise<void> {
  const said = await answer(deps, question).catch((error: unknown) => {
    if (error instanceof OpenStackError) return refused(quote(cloudRefusal(error), 800));
    throw error;
  });
  await deps.slack.ephemeral(question.channel, question.user, said);
}
