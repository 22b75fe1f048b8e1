import { among, type Mutant } from "./mutant.ts";

const of = (name: string): string => `test/handlers/work/health/${name}.test.ts`;
const at = (name: string): string => `handlers/work/health/${name}.ts`;

/** Looks at all clusters, and what is told of them. */
export const health: readonly Mutant[] = [
  ...among({ file: at("index"), tests: [of("many")] }, [
    {
      name: "a cloud without an end keeps everybody from being looked at",
      find: "inTime(deps, () => pass(tenant, deps))",
      replace: "pass(tenant, deps)",
    },
  ]),
  ...among({ file: at("turn"), tests: [of("turn")] }, [
    {
      name: "what may pass by itself wakes somebody at once",
      find: "finding.soft === true && nowMs - before.seenMs < SOFT_MS",
      replace: "finding.soft === true && nowMs < 0",
    },
    {
      name: "a snooze never ends",
      find: "(before.untilMs ?? 0) <= nowMs",
      replace: "nowMs < 0",
    },
    {
      name: "whoever has an alert in hand has it for ever",
      find: 'return { ...loose(before), state: "recovered"',
      replace: 'return { ...before, state: "recovered"',
    },
  ]),
  ...among({ file: at("judge"), tests: [of("judge")] }, [
    {
      name: "what a silent service did not list is gone",
      find: 'if (all === undefined) return "blind";',
      replace: "if (all === undefined) return missing(at.record, at.step);",
    },
    {
      name: "what is being put right is told as wrong",
      find: "(busy && wrong.mends === true && !sure)",
      replace: '(busy && wrong.symptom === "many" && !sure)',
    },
    {
      name: "a record that was written meanwhile is compared with an older cloud",
      find: "(record.status.movedMs ?? 0) > sight.startedMs || ",
      replace: "",
    },
  ]),
  {
    name: "a listing that is cut wakes somebody",
    file: at("proof"),
    find: "if (!gone.has(one)) doubted.add(one);",
    replace: "if (gone.has(one)) doubted.add(one);",
    tests: [of("alerts")],
    only: "shows less than there is",
  },
  {
    name: "many of one cause are many messages",
    file: at("fold"),
    find: "if (enough) for (const one of members) into.set(one, group);",
    replace: 'if (enough && cause === "") for (const one of members) into.set(one, group);',
    tests: [of("many")],
    only: "three of one cause",
  },
  {
    name: "what is ours and was deleted is told and stays so",
    file: at("mend"),
    find: "if (begun) await wake(",
    replace: 'if (begun && id === "") await wake(',
    tests: [of("drift")],
    only: "a DNS record deleted",
  },
  {
    name: "a share that was lost is made anew in silence",
    file: at("checks"),
    find: "(share\\/|server",
    replace: "(shares\\/|server",
    tests: [of("judge")],
  },
  {
    name: "two processes look at the same moment",
    file: at("index"),
    find: "if (!(await firstTime(deps.store, lease, LEASE_SECONDS))) return;",
    replace: "await firstTime(deps.store, lease, LEASE_SECONDS);",
    tests: [of("alerts")],
    only: "two processes look once",
  },
  {
    name: "another team's channel takes an alert",
    file: "handlers/actions/alerts.ts",
    find: "if (act === undefined || !isTheirs(deps.config, tenant, click.channel)) return stranger;",
    replace: "if (act === undefined) return stranger;",
    tests: [of("alerts")],
    only: "another team's channel",
  },
  {
    name: "a member that was switched off stays so",
    file: "shared/resources/load-balancer.ts",
    find: " || !(await hasMemberOff(cloud, now.parts))",
    replace: " || true",
    tests: ["test/shared/resources/load-balancer.test.ts"],
  },
  {
    name: "a connection is opened with a certificate that has ended",
    file: "shared/adapters/kubernetes-dialer.ts",
    find: "known !== undefined && known.untilMs > nowMs()",
    replace: "known !== undefined",
    tests: ["test/shared/adapters/kubernetes-dialer.test.ts"],
  },
];
