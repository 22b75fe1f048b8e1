import { among, type Mutant } from "./mutant.ts";

const form = "test/handlers/modals/create.test.ts";
const home = "test/handlers/home/home.test.ts";
const faults = "test/handlers/slack-faults.test.ts";

/** Forms, the home tab, and what Slack does at the wrong moment. */
export const forms: readonly Mutant[] = [
  ...among({ file: "handlers/modals/create.ts", tests: [form] }, [
    {
      name: "the plan of an older choice goes over a newer one",
      find: "updateModal(form.view, view, form.hash)",
      replace: "updateModal(form.view, view)",
      only: "older choice",
    },
    {
      name: "of two choices at once the slower one's plan stays",
      find: 'if (error.code === "hash_conflict" && newest)',
      replace: 'if (error.code === "hash_conflict" && !newest)',
      only: "same moment",
    },
    {
      name: "a cloud slower than Slack leaves the form looking for ever",
      find: 'await wake(deps, { is: "form", form: form.view });',
      replace: "",
      only: "slower",
    },
    {
      name: "what was filled in is lost with the form that was closed",
      find: "if (!isFilled(createArgs, form.filled)) return undefined;",
      replace: "return undefined;",
      only: "closed tells",
    },
    {
      name: "every error stands at the name",
      find: "[fieldAbout(createArgs, problem), problem]",
      replace: '["name", problem]',
      only: "more than the tenant",
    },
  ]),
  ...among({ file: "handlers/actions/home.ts", tests: [home] }, [
    {
      name: "whoever knows a request's id sees another team's plan",
      find: "(await placesOf(deps, user)).has(found.tenant) ? found",
      replace: 'found.id !== "" ? found',
      only: "another tenant",
    },
  ]),
  ...among({ file: "handlers/home/place.ts", tests: [home] }, [
    {
      name: "who has left a team sees it for ever",
      find: ', "{}", PLACE_SECONDS',
      replace: ', "{}"',
      only: "a week after",
    },
  ]),
  ...among({ file: "handlers/home/publish.ts", tests: [home] }, [
    {
      name: "the home tab waits for a sweep",
      find: 'if (message.is !== "plan" && message.is !== "reconcile") return;',
      replace: "return;",
      only: "within seconds",
    },
    {
      name: "who has a tab open is read from the store for each message",
      find: "clock.nowMs() < before.untilMs",
      replace: "false",
      only: "once in five seconds",
    },
    {
      name: "who opens a tab waits until tabs are looked up again",
      find: "  known.delete(deps.store);\n",
      replace: "",
      only: "once in five seconds",
    },
    {
      name: "a tab that shows the same is published again and again",
      find: "if (shown === open.shown) return;",
      replace: "",
      only: "looks the same",
    },
  ]),
  ...among({ file: "handlers/work/live.ts", tests: [faults] }, [
    {
      name: "a message that somebody deleted is never seen again",
      find: 'error.code === "message_not_found" && ref.ts',
      replace: 'error.code === "message_lost" && ref.ts',
      only: "somebody deletes",
    },
    {
      name: "who has left the channel is answered for ever",
      find: "if (!(error instanceof SlackError) || isPassing(error)) throw error;",
      replace: "throw error;",
      only: "was removed",
    },
  ]),
  ...among({ file: "shared/adapters/slack-web.ts", tests: [faults] }, [
    {
      name: "Slack is asked sooner than it said",
      find: "if (left > 0) {",
      replace: "if (left > 1e9) {",
      only: "sooner",
    },
  ]),
];
