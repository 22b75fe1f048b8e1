import { connect } from "../../../shared/openstack/connect.ts";
import { failure, fakeCloud, json, settings } from "./fake-cloud.ts";

// Goal: what people name is exactly one image that can be booted from, or a sentence that says why not.
const ID = "00000000-0000-4000-8000-000000000001";
const image = (id: string, more: object = {}) => ({
  ...{
    id,
    name: "kube",
    status: "active",
    tags: ["node"],
    created_at: "2026-11-01T00:00:00Z",
    min_disk: 0,
    min_ram: 0,
  },
  ...more,
});
const list = (...images: object[]) => json({ images });
const over = (...answers: Parameters<typeof fakeCloud>[0]) => {
  const fake = fakeCloud(answers);
  const filters = () =>
    fake.lines.slice(1).map((line) => Object.fromEntries(new URL(line.replace(/^GET /, "")).searchParams));
  return { images: connect(settings, fake.runtime).image, filters };
};

test("an id is asked for by itself, and one that can't be booted from is none", async () => {
  expect(await over(json(image(ID))).images.findImage(ID)).toMatchObject({ id: ID });
  const { images } = over(json(image(ID, { status: "deactivated" })), list(), list());
  expect(await images.findImage(ID)).toBeUndefined();
});

test("a name is the whole name of an active image, whatever the service answers", async () => {
  const { images, filters } = over(
    list(image("i2", { name: "kube-old" }), image("i1"), image("i3", { status: "queued" })),
  );
  expect(await images.findImage("kube")).toMatchObject({ id: "i1" });
  expect(filters()).toEqual([{ name: "kube", status: "active" }]);
});

test.each(["a,b", "in:x", 'say "so"'])("a name that Glance would read otherwise is quoted: %s", async (name) => {
  const { images, filters } = over(list(image("i1", { name })));
  expect(await images.findImage(name)).toMatchObject({ id: "i1" });
  expect(filters()[0]?.["name"]).toBe(`in:"${name.replaceAll('"', '\\"')}"`);
});

test("two of one name are a person's to choose from", async () => {
  const error = await failure(over(list(image("i1"), image("i2"))).images.findImage("kube"));
  expect(error).toMatchObject({
    trouble: "ambiguous",
    detail: { fault: '2 images are named "kube": i1, i2; use an id' },
  });
});

test("a tag stands for the newest image that has it", async () => {
  const { images, filters } = over(
    list(),
    list(
      image("old", { created_at: "2026-10-01T00:00:00Z" }),
      image("new"),
      image("newest, without it", { created_at: "2026-11-20T00:00:00Z", tags: ["nodes"] }),
    ),
  );
  expect(await images.findImage("node")).toMatchObject({ id: "new" });
  expect(filters().at(-1)).toEqual({ tag: "node", status: "active" });
});
