import { jsonAt, listAt, textAt } from "../../../sandbox/openstack/json.ts";
import { all, one } from "./api.ts";
import { openNova, refusal, SETTLED_MS } from "./nova-world.ts";

// Goal: servers are built, fail, stop and go as on the lab, and their ports with them.
describe("a server's life", () => {
  test("it is built within seconds, on the port that it was given", async () => {
    const { create, show, showPort, port, watch } = await openNova();
    const answer = await create({ metadata: { kinvirt: "c1" }, config_drive: true, name: "Worker_1" });
    const { id } = one(answer, "server");
    const href = `http://openstack.sandbox/compute/v2.1/servers/${id}`;
    expect(answer).toMatchObject({
      status: 202,
      body: { server: { "OS-DCF:diskConfig": "MANUAL", security_groups: [{ name: "default" }] } },
      headers: { location: href },
    });
    const seen = await watch(async () => {
      const server = await show(id);
      return [server["status"], server["OS-EXT-STS:task_state"], server["hostId"] !== ""];
    });
    expect(seen).toEqual([
      ["BUILD", "scheduling", false],
      ["BUILD", "networking", true],
      ["BUILD", "spawning", true],
      ["ACTIVE", null, true],
    ]);
    expect(await showPort(port)).toMatchObject({
      status: "ACTIVE",
      device_id: id,
      device_owner: "compute:nova",
      dns_name: "worker-1",
    });
    const [fixed] = listAt(await showPort(port), "fixed_ips") ?? [];
    expect(await show(id)).toMatchObject({
      metadata: { kinvirt: "c1" },
      config_drive: "True",
      progress: 0,
      addresses: { nodes: [{ addr: textAt(fixed, "ip_address"), "OS-EXT-IPS:type": "fixed" }] },
    });
  });

  test("when it goes its port stays, without a word of it", async () => {
    const { make, nova, show, showPort, port, pass, watch } = await openNova();
    const id = await make();
    pass(SETTLED_MS);
    expect((await show(id))["status"]).toBe("ACTIVE");
    expect((await nova("DELETE", `/v2.1/servers/${id}`)).status).toBe(204);
    expect((await nova("DELETE", `/v2.1/servers/${id}`)).status).toBe(204);
    const seen = await watch(async () => {
      const { status, body } = await nova("GET", `/v2.1/servers/${id}`);
      const server = jsonAt(body, "server");
      return [status, server?.["status"], server?.["OS-EXT-STS:task_state"], (await showPort(port))["device_id"]];
    });
    expect(seen).toEqual([
      [200, "ACTIVE", "deleting", id],
      [200, "DELETED", null, ""],
      [404, undefined, undefined, ""],
    ]);
    expect(await showPort(port)).toMatchObject({ status: "DOWN", device_owner: "", dns_name: "" });
    const missing = refusal(404, `Instance ${id} could not be found.`);
    expect(await nova("DELETE", `/v2.1/servers/${id}`)).toMatchObject(missing);
  });

  test("one that is deleted while it is built never comes up", async () => {
    const { make, nova, port, pass, sandbox, showPort } = await openNova();
    const id = await make();
    pass(1500);
    await nova("DELETE", `/v2.1/servers/${id}`);
    pass(2 * SETTLED_MS);
    expect((await nova("GET", `/v2.1/servers/${id}`)).status).toBe(404);
    expect(await showPort(port)).toMatchObject({ status: "DOWN", device_id: "" });
    expect(sandbox.nextMs()).toBeUndefined();
  });

  test("a port that Nova made goes with the server", async () => {
    const { make, neutron, network, nova, pass } = await openNova();
    const ports = () => neutron("GET", "/v2.0/ports?device_owner=compute:nova");
    const id = await make({ networks: [{ uuid: network }] });
    pass(SETTLED_MS);
    expect(all(await ports(), "ports", "device_id")).toEqual([id]);
    await nova("DELETE", `/v2.1/servers/${id}`);
    pass(SETTLED_MS);
    expect(all(await ports(), "ports", "device_id")).toEqual([]);
  });

  test("a port holds one server: a second is refused, and one that came too early fails and frees the port", async () => {
    const { create, make, pass, port, show, showPort } = await openNova({ hosts: 1 });
    const [first, second] = [await make(), await make()];
    pass(2 * SETTLED_MS);
    expect((await show(first))["status"]).toBe("ACTIVE");
    expect(await show(second)).toMatchObject({
      status: "ERROR",
      hostId: "",
      fault: {
        code: 500,
        message: `Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance ${second}.`,
      },
    });
    expect((await showPort(port))["device_id"]).toBe("");
    const third = await make();
    pass(SETTLED_MS);
    expect((await showPort(port))["device_id"]).toBe(third);
    expect(await create()).toMatchObject(refusal(409, `Port ${port} is still in use.`));
  });

  test("each host builds one at a time", async () => {
    const built = async (hosts: number) => {
      const { make, makePort, pass, nova } = await openNova({ hosts });
      for (let count = 0; count < 3; count += 1) await make({ networks: [{ port: await makePort() }] });
      pass(SETTLED_MS);
      return all(await nova("GET", "/v2.1/servers?status=ACTIVE"), "servers").length;
    };
    expect([await built(1), await built(3)]).toEqual([1, 3]);
  });

  test("its build takes many times as long on request", async () => {
    const { make, makePort, pass, sandbox, show } = await openNova();
    sandbox.faults.stretch("server", 10);
    const slow = await make();
    pass(SETTLED_MS);
    expect(await show(slow)).toMatchObject({ status: "BUILD", "OS-EXT-STS:task_state": "networking" });
    pass(9 * SETTLED_MS);
    expect((await show(slow))["status"]).toBe("ACTIVE");
    sandbox.faults.clear();
    const quick = await make({ networks: [{ port: await makePort() }] });
    pass(SETTLED_MS);
    expect((await show(quick))["status"]).toBe("ACTIVE");
  });

  test("one that no host hears of stays in BUILD, and goes at once when it is told to", async () => {
    const { make, nova, pass, sandbox, show } = await openNova();
    sandbox.faults.forget({ build: 1, remove: 0 });
    const id = await make();
    pass(100 * SETTLED_MS);
    expect(await show(id)).toMatchObject({ status: "BUILD", "OS-EXT-STS:task_state": "scheduling", hostId: "" });
    expect((await nova("DELETE", `/v2.1/servers/${id}`)).status).toBe(204);
    expect((await nova("GET", `/v2.1/servers/${id}`)).status).toBe(404);
  });

  test("one whose host dies over its delete stays until it is told again, once Nova knows of the host", async () => {
    const { make, nova, pass, sandbox, show, port, showPort } = await openNova();
    const id = await make();
    pass(SETTLED_MS);
    sandbox.faults.forget({ build: 0, remove: 1 });
    const remove = async () => (await nova("DELETE", `/v2.1/servers/${id}`)).status;
    expect(await remove()).toBe(204);
    pass(59_000);
    expect(await remove()).toBe(204);
    pass(100 * SETTLED_MS);
    expect(await show(id)).toMatchObject({ status: "ACTIVE", "OS-EXT-STS:task_state": "deleting" });
    expect((await showPort(port))["device_id"]).toBe(id);
    expect(await remove()).toBe(204);
    pass(SETTLED_MS);
    expect((await nova("GET", `/v2.1/servers/${id}`)).status).toBe(404);
    expect((await showPort(port))["device_id"]).toBe("");
  });

  test("its console is there once it has a host; it stops and starts", async () => {
    const { make, nova, pass, show } = await openNova();
    const id = await make();
    const act = (body: object) => nova("POST", `/v2.1/servers/${id}/action`, body);
    const console = { "os-getConsoleOutput": { length: 50 } };
    expect(await act(console)).toMatchObject(refusal(409, `Instance ${id} is not ready`));
    pass(SETTLED_MS);
    const log = await act(console);
    expect(log).toMatchObject({ status: 200, body: { output: "FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE" } });
    const cannot = (verb: string, state: string) =>
      refusal(409, `Cannot '${verb}' instance ${id} while it is in ${state}`);
    expect(await act({ "os-start": null })).toMatchObject(cannot("start", "vm_state active"));
    expect((await act({ "os-stop": null })).status).toBe(202);
    expect(await act({ "os-stop": null })).toMatchObject(cannot("stop", "task_state powering-off"));
    pass(SETTLED_MS);
    expect((await show(id))["status"]).toBe("SHUTOFF");
    expect((await act({ "os-start": null })).status).toBe(202);
    pass(SETTLED_MS);
    expect((await show(id))["status"]).toBe("ACTIVE");
    expect(await act({ foo: {} })).toMatchObject(refusal(400, "There is no such action: foo"));
    expect(await act({})).toMatchObject(refusal(400, "Malformed request body"));
  });

  test("it ends in ERROR on request, as often as asked and for the names that are meant", async () => {
    const { make, makePort, pass, sandbox, show, showPort, nova, port } = await openNova();
    const message = "No valid host was found. There are not enough hosts available.";
    sandbox.faults.break("server", message, 1, /^worker/);
    const other = await make({ name: "api", networks: [{ port: await makePort() }] });
    const broken = await make();
    pass(SETTLED_MS);
    expect((await show(other))["status"]).toBe("ACTIVE");
    expect(await show(broken)).toMatchObject({
      status: "ERROR",
      hostId: "",
      addresses: {},
      fault: { code: 500, message },
    });
    expect(await showPort(port)).toMatchObject({ status: "DOWN", device_id: "" });
    const tag = await nova("PUT", `/v2.1/servers/${broken}/tags/x`);
    expect(tag).toMatchObject(refusal(409, `Cannot 'update tag' instance ${broken} while it is in vm_state error`));
    await nova("DELETE", `/v2.1/servers/${broken}`);
    expect((await nova("GET", `/v2.1/servers/${broken}`)).status).toBe(404);
    const again = await make();
    pass(SETTLED_MS);
    expect((await show(again))["status"]).toBe("ACTIVE");
  });
});
