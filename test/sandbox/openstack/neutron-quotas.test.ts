import { full, NIL, openNeutron as open, refusal } from "./neutron-api.ts";

// Goal: Neutron's quotas bind and are told as on the lab, and so is what it doesn't route.

test("quotas are told to their own project, set by admins, and count what there is", async () => {
  const { neutron, make, post, remove, sandbox } = open();
  const path = `/v2.0/quotas/${sandbox.project("team-a").id}`;
  const policy = (rule: string) => refusal(403, "PolicyNotAuthorized", `rule:${rule}_quota is disallowed by policy`);
  expect(await neutron("GET", path, undefined, "team-b")).toMatchObject(policy("get"));
  expect(await neutron("GET", `${path}/details`, undefined, "team-b")).toMatchObject(
    refusal(
      403,
      "AdminRequired",
      "User does not have admin privileges: Only admin is authorized to access quotas for another project.",
    ),
  );
  expect(await neutron("PUT", path, { quota: { router: 1 } })).toMatchObject(policy("update"));
  expect(await neutron("DELETE", path)).toMatchObject(policy("delete"));
  const set = await neutron("PUT", path, { quota: { router: 1 } }, "admin");
  expect(set).toMatchObject({ status: 200, body: { quota: { router: 1, network: 20 } } });
  const { id } = await make("router");
  const details = await neutron("GET", `${path}/details`);
  expect(details.body).toMatchObject({ quota: { router: { limit: 1, used: 1, reserved: 0 } } });
  expect(await post("router", {})).toMatchObject(full("router"));
  await make("router", {}, "team-b");
  await remove("router", id);
  await make("router");
  expect((await neutron("DELETE", path, undefined, "admin")).status).toBe(204);
  await make("router");
});

test("what isn't routed is refused in Neutron's shape", async () => {
  const { neutron } = open();
  expect(await neutron("GET", "/v2.0/nonsense")).toMatchObject(
    refusal(404, "HTTPNotFound", "The resource could not be found."),
  );
  const { status, body } = await neutron("PATCH", `/v2.0/networks/${NIL}`, {});
  expect([status, body]).toMatchObject([405, { NeutronError: { type: "HTTPMethodNotAllowed" } }]);
});
