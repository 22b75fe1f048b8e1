import { among, type Mutant } from "./mutant.ts";

/** What people are told that is not so, or tells them to type what does something else. */
export const words: readonly Mutant[] = among(
  { file: "handlers/views/on-call/nodes.ts", tests: ["test/handlers/views/on-call/nodes.test.ts"] },
  [
    {
      name: "said wrong: kubectl is given a name that Kubernetes does not know",
      find: "kubectl uncordon ${node.name}",
      replace: "kubectl uncordon ${one.name}",
    },
    {
      name: "said wrong: a load balancer that Octavia works on is an alarm",
      file: "handlers/views/on-call/lb.ts",
      find: 'findings.some(({ grade }) => grade === "bad")',
      replace: "findings.length > 0",
      tests: ["test/handlers/views/on-call/lb.test.ts"],
    },
    {
      name: "said wrong: a cluster whose logins are renewed is being created",
      file: "handlers/views/words.ts",
      find: 'phase === "creating" && doing === "renew"',
      replace: "doing === undefined",
      tests: ["test/handlers/views/on-call/events.test.ts"],
    },
    {
      name: "said wrong: what to type again asks for less",
      file: "handlers/views/plan.ts",
      find: '...(spec.rwo === true ? ["--rwo"] : []),',
      replace: "",
      tests: ["test/handlers/views/typed.test.ts"],
    },
    {
      name: "said wrong: one's own delete is called another person's",
      file: "shared/cluster/policy.ts",
      find: 'asked.own ? "every delete needs an approval" : ',
      replace: "",
      tests: ["test/shared/cluster/policy.test.ts"],
    },
  ],
);
