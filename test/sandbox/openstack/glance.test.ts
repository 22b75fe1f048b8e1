import { all, openApi } from "./api.ts";

// Goal: Glance answers as the lab's does: by name, tag and page, and with the words of its errors.
const NIL = "11111111-2222-3333-4444-555555555555";
const KUBE = "ubuntu-24.04-kube";
const TITLES = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found" };

const refusal = (status: keyof typeof TITLES, message: string) => ({
  status,
  body: {
    message: `${message}<br /><br />\n\n\n`,
    code: `${status} ${TITLES[status]}`,
    title: TITLES[status],
  },
});

test("the version document names the current one", async () => {
  const answer = await openApi().at("image")("GET", "/");
  expect(answer.status).toBe(300);
  expect(all(answer, "versions", "status").filter((status) => status === "CURRENT")).toHaveLength(1);
  const self = { rel: "self", href: "http://openstack.sandbox/image/v2/" };
  expect(answer.body).toMatchObject({ versions: expect.arrayContaining([expect.objectContaining({ links: [self] })]) });
});

test.each([
  [`name=${KUBE}`, [KUBE]],
  [`name=in:"${KUBE}"`, [KUBE]],
  [`name=in:other,${KUBE}`, [KUBE]],
  [`name=${KUBE}&status=active`, [KUBE]],
  ["name=ubuntu", []],
  ["tag=kube", []],
  ["status=queued", []],
  ["visibility=public", [KUBE]],
  ["visibility=private", []],
  ["os_distro=ubuntu", [KUBE]],
  ["limit=0", []],
])("?%s", async (query, expected) => {
  const glance = openApi().at("image");
  const answer = await glance("GET", `/v2/images?${query}`);
  expect([answer.status, all(answer, "images")]).toEqual([200, expected]);
});

test("every project sees the image that clusters are made from, by its id too", async () => {
  const glance = openApi().at("image");
  for (const who of ["team-a", "team-b", "admin"]) {
    const [id] = all(await glance("GET", `/v2/images?name=${KUBE}`, undefined, who), "images", "id");
    const image = { id, name: KUBE, status: "active", visibility: "public", tags: [], min_disk: 1, min_ram: 0 };
    expect(await glance("GET", `/v2/images/${String(id)}`, undefined, who)).toMatchObject({ status: 200, body: image });
  }
});

test("a full page has a path to the next one, which is empty here", async () => {
  const glance = openApi().at("image");
  const first = await glance("GET", `/v2/images?name=${KUBE}&limit=1`);
  const [id] = all(first, "images", "id");
  const next = `/v2/images?name=${KUBE}&limit=1&marker=${String(id)}`;
  expect(first.body).toMatchObject({ first: `/v2/images?name=${KUBE}&limit=1`, next });
  const second = await glance("GET", next);
  expect(second.body).toEqual({ images: [], first: `/v2/images?name=${KUBE}&limit=1`, schema: "/v2/schemas/images" });
});

test.each([
  ["/v2/images/abc", refusal(404, "No image found with ID abc")],
  [`/v2/images/${NIL}`, refusal(404, `No image found with ID ${NIL}`)],
  ["/v2/nope", refusal(404, "The resource could not be found.")],
  ["/v2/images?limit=a", refusal(400, "limit param must be an integer")],
  ["/v2/images?limit=-1", refusal(400, "limit param must be positive")],
  [`/v2/images?marker=${NIL}`, refusal(400, `No image found with ID ${NIL}`)],
  ["/v2/images?visibility=foo", refusal(400, "Invalid visibility value: foo")],
  ['/v2/images?name=in:"a', refusal(400, 'Invalid filter value "a. The quote is not closed.')],
])("%s is refused", async (path, expected) => {
  expect(await openApi().at("image")("GET", path)).toMatchObject(expected);
});

test("members may not delete what is shared", async () => {
  const glance = openApi().at("image");
  const [id] = all(await glance("GET", "/v2/images"), "images", "id");
  const refused = refusal(403, "You are not authorized to complete delete_image action.");
  expect(await glance("DELETE", `/v2/images/${String(id)}`)).toMatchObject(refused);
  expect(all(await glance("GET", "/v2/images"), "images", "id")).toEqual([id]);
});

test("a token that nobody knows is refused in Glance's own words", async () => {
  const { sandbox } = openApi();
  const url = "http://openstack.sandbox/image/v2/images";
  const headers = { "x-auth-token": "nonsense" };
  const answer = await sandbox.send({ method: "GET", url, headers, timeoutMs: 1000 });
  expect(answer.status).toBe(401);
  expect(JSON.parse(answer.body)).toMatchObject({ code: "401 Unauthorized", title: "Unauthorized" });
});
