import { insisting } from "../../shared/openstack/breaker.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { OutOfTime } from "../../shared/openstack/deadline.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { clusters } from "../../shared/state/index.ts";
import { clustersOf } from "../records.ts";
import { refused } from "../views/answers.ts";
import { answered, type Said } from "../views/on-call/buttons.ts";
import { code, quote } from "../views/text.ts";
import { ANSWERS, OF_TENANT } from "./answers/index.ts";
import type { Question, Subject } from "./answers/question.ts";
import { cloudRefusal } from "./cloud-refusal.ts";
import { show, whisper } from "./live.ts";
import { readOnce } from "./once.ts";

const TOO_SLOW = "The cloud answers so slowly that this took too long, so I stopped asking. Try it again in a minute.";

async function subjectOf(deps: Deps, question: Question): Promise<Subject> {
  const [tenant = "", name = ""] = question.cluster.split("/");
  if (name === "") return { tenant, records: await clustersOf(deps, tenant) };
  const record = await clusters(deps.store).get(`${tenant}/${name}`);
  const meant = record !== undefined && (question.id === undefined || record.id === question.id);
  return { tenant, name, records: meant ? [record] : [] };
}

/** What there is to say of a subject that is not there any more. */
function gone({ tenant, name, records }: Subject, { what }: Question): SlackMessage | undefined {
  if (records.length > 0 || OF_TENANT.has(what)) return undefined;
  return refused(
    name === undefined ? `${tenant} has no clusters.` : `${tenant} has no cluster ${code(name)} any more.`,
  );
}

/** In an answer about clusters the tenant's cloud is asked once for what it says of all of them. */
function reading(deps: Deps, { tenant }: Subject, { what }: Question): Deps {
  if (OF_TENANT.has(what)) return deps;
  let cloud: Cloud | undefined;
  return {
    ...deps,
    cloudOf(other) {
      if (other !== tenant) return deps.cloudOf(other);
      cloud ??= readOnce(deps.cloudOf(tenant));
      return cloud;
    },
  };
}

const answer = (deps: Deps, question: Question, subject: Subject): Promise<Said> =>
  insisting(() => ANSWERS[question.what](subject, question, reading(deps, subject, question))).catch(
    (error: unknown) => {
      if (error instanceof OpenStackError) return refused(quote(cloudRefusal(error), 800));
      if (error instanceof OutOfTime) return refused(TOO_SLOW);
      throw error;
    },
  );

/**
 * Reads the cloud live and tells the person who asked, or everybody in the channel; a cloud that does not answer is an answer
 * too. Reads only, so a message that comes twice does no harm: what is for everybody is posted once by its key.
 */
export async function ask(question: Question, deps: Deps): Promise<void> {
  const { channel, user, post } = question;
  const subject = await subjectOf(deps, question);
  const said = gone(subject, question) ?? (await whole(deps, question, subject));
  if (post === undefined) await whisper(deps, { channel, user }, said);
  else if ((await show(deps, { channel, key: post }, said, undefined)) === "silent")
    throw new Error("Slack does not take the answer now");
}

/** With its buttons, which know what they are about. */
async function whole(deps: Deps, question: Question, subject: Subject): Promise<SlackMessage> {
  const { what, only, user, post } = question;
  const { name, records } = subject;
  const said = await answer(deps, question, subject);
  const nowMs = deps.clock.nowMs();
  const asked = {
    what,
    ...(name === undefined ? {} : { name }),
    ...(name === undefined || records[0] === undefined ? {} : { id: records[0].id }),
    ...(only === undefined ? {} : { only }),
    answer: `${user}:${nowMs}`,
  };
  return answered(said, { asked, nowMs, ...(post === undefined ? {} : { poster: user }) });
}
