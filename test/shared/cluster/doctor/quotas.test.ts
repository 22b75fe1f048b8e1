import { CHECKS } from "../../../../shared/cluster/doctor/index.ts";
import { patient, troubles } from "./patient.ts";

// Goal: whoever raises a limit as the doctor says has room afterwards, and needs nothing that nobody asked for.
const { tenant, templates } = patient().patient;
const large = Object.values(templates).at(-1);
if (large === undefined) throw new Error("the example has templates");
const huge = { ...large, workers: { ...large.workers, count: 9 } };

function judged(
  service: string,
  limits: Readonly<Record<string, readonly [number, number]>>,
  cni = "calico" as "calico" | "kuryr",
) {
  const check = CHECKS.find(({ id }) => id === `${service}/quota`);
  const quotas = Object.entries(limits).map(([resource, [limit, used]]) => ({ service, resource, limit, used }));
  const flavors = ["m1.medium", "m1.large"].map((name) => ({ id: name, name, vcpus: 2, ram: 4096, disk: 40 }));
  const all = Object.fromEntries(
    [...Object.entries(templates), ["huge", huge] as const].map(([name, one]) => [name, { ...one, cni }]),
  );
  const found = check?.judge({ services: [service], flavors, quotas }, { name: "team-a", tenant, templates: all });
  return [found?.level, found !== undefined && "remedy" in found ? found.remedy : ""];
}

const run = (options: string) => `An administrator runs: openstack quota set PROJECT ${options}`;

test.each<[string, Parameters<typeof judged>, readonly [string, string]]>([
  ["what is just enough is enough", ["compute", { instances: [15, 12] }], ["green", ""]],
  [
    "beside what is used another one needs its own",
    ["compute", { instances: [4, 2] }],
    ["amber", run("--instances 5")],
  ],
  ["the largest template decides", ["compute", { instances: [4, 0] }], ["amber", run("--instances 12")]],
  [
    "where one limit has no option, all go the same way",
    ["network", { trunk: [0, 0], router: [0, 0] }, "kuryr"],
    ["red", 'An administrator sends PUT /v2.0/quotas/PROJECT {"quota": {"trunk":3,"router":1}}'],
  ],
  [
    "shares that are configured",
    ["shared-file-system", { shares: [0, 0] }],
    ["red", "An administrator runs: openstack share quota set PROJECT --shares 1"],
  ],
])("%s", (_what, asked, found) => {
  expect(judged(...asked)).toEqual(found);
});

test("without a share type nobody needs shares", () => {
  const { shareType: _none, ...plain } = tenant;
  const check = CHECKS.find(({ id }) => id === "shared-file-system/quota");
  const quotas = [{ service: "shared-file-system" as const, resource: "shares", limit: 0, used: 0 }];
  const seen = { services: ["shared-file-system"], flavors: [], quotas };
  expect(check?.judge(seen, { name: "team-a", tenant: plain, templates })).toMatchObject({ level: "unused" });
});

test("a service that falls silent while rules are tried is not one that ignores them", async () => {
  const { examine } = patient({
    wire: (send) => async (request) =>
      request.url.includes("kinvirt-doctor.invalid") ? { status: 500, headers: {}, body: "" } : send(request),
  });
  expect(troubles(await examine())).toEqual([
    "amber Access rules: no answer to judge by from Designate | Run the doctor again once they answer.",
  ]);
});
