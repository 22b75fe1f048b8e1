import { floatingIp } from "../../../shared/resources/floating-ip.ts";
import type { Kind } from "../../../shared/resources/kind.ts";
import { loadBalancer } from "../../../shared/resources/load-balancer.ts";
import { port } from "../../../shared/resources/port.ts";
import { ptr } from "../../../shared/resources/ptr.ts";
import { recordset } from "../../../shared/resources/recordset.ts";
import { server } from "../../../shared/resources/server.ts";
import { share } from "../../../shared/resources/share.ts";
import { shareAccess } from "../../../shared/resources/share-access.ts";

// Goal: what each kind tells the engine of its service's manners is what that service does.
const said = ({ kind, releases, outlives, passive, interruptible }: Kind<never>) => [
  kind,
  {
    ...(releases === undefined ? {} : { releases }),
    ...(outlives === undefined ? {} : { outlives }),
    ...(passive === undefined ? {} : { passive }),
    ...(interruptible === undefined ? {} : { interruptible }),
  },
];

test.each<Kind<never>>([port, share, recordset, loadBalancer as Kind<never>])("$kind: nothing of the sort", (kind) => {
  expect(said(kind)).toEqual([kind.kind, {}]);
});

test("Nova lets go of what a server holds, takes a DELETE at any time, and forgets", () => {
  const releases = ["port", "router", "security-group", "server-group"];
  expect(said(server)).toEqual(["server", { releases, interruptible: { making: "BUILD" } }]);
});

test("Manila lets a share go with its rules", () => {
  expect(said(shareAccess)).toEqual(["share-access", { releases: ["share"] }]);
});

test("a PTR record stays when its address goes, and an address changes by nobody but us", () => {
  expect(said(ptr)).toEqual(["ptr", { outlives: true }]);
  expect(said(floatingIp as Kind<never>)).toEqual(["floating-ip", { passive: true }]);
});
