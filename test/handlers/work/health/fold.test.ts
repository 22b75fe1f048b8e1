import { type Found, fold } from "../../../../handlers/work/health/fold.ts";
import { alert } from "../../views/alert-given.ts";

// Goal: one message for many clusters only where it is one trouble of three of them, and it promises what is so of them all.
const CAUSE = "load-balancer error ovn";
const of = (name: string, over: Partial<Found["finding"]> = {}): Found => ({
  cluster: { id: `id-${name}`, name },
  finding: { about: "load-balancer/api", symptom: "error", facts: {}, mends: true, soft: true, cause: CAUSE, ...over },
});
const NAMES = ["a", "b", "c"];
const nobody = () => undefined;
const abouts = (found: readonly Found[]) => found.map(({ finding }) => finding.about);
const group = "many/load-balancer-error-ovn";

test("three clusters are one message, and three troubles of one cluster are three", () => {
  expect(
    abouts(
      fold(
        NAMES.map((name) => of(name)),
        nobody,
      ),
    ),
  ).toEqual([group]);
  const services = NAMES.map((lb) => of("a", { about: `service-balancer/${lb}` }));
  expect(fold(services, nobody)).toEqual(services);
});

test("an end that is near is each cluster's own", () => {
  const ends = NAMES.map((name) => of(name, { about: "end/ttl", symptom: "ending", cause: "end ending" }));
  expect(fold(ends, nobody)).toEqual(ends);
});

test("a group that people know of stays one until its last is well", () => {
  const known = ({ finding }: Found) =>
    finding.about === group ? alert({ about: group, symptom: "many" }) : undefined;
  expect(abouts(fold([of("a")], known))).toEqual([group]);
  const past = alert({ about: group, symptom: "many", state: "recovered" });
  expect(abouts(fold([of("a")], () => past))).toEqual(["load-balancer/api"]);
});

test("one that is certain wakes people at once, and one that is not put right is a person's", () => {
  const { soft: _, ...hard } = of("c").finding;
  const [all] = fold(
    NAMES.map((name) => of(name)),
    nobody,
  );
  expect(all?.finding).toMatchObject({ mends: true, soft: true });
  const [mixed] = fold([of("a"), of("b"), { ...of("c"), finding: { ...hard, mends: false } }], nobody);
  expect(mixed?.finding).toMatchObject({ mends: false, facts: { clusters: "3", names: "a, b, c" } });
  expect(mixed?.finding).not.toHaveProperty("soft");
});
