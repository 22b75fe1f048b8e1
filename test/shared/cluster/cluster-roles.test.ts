import { clusterRoles, holds } from "../../../shared/cluster/cluster-roles.ts";

// Goal: whatever a cloud calls its roles, a cluster's logins get those that they need of ours, and none beside them.
test.each<[readonly string[], readonly string[]]>([
  [
    ["reader", "member", "creator", "load-balancer_member"],
    ["member", "load-balancer_member", "creator"],
  ],
  [["admin", "manager", "member", "reader"], ["member"]],
  [["heat_stack_owner", "_member_"], ["_member_"]],
  [["Admin", "Member"], ["Member"]],
  [
    ["member", "_member_"],
    ["_member_", "member"],
  ],
  [["compute_operator", "load-balancer_operator", "administrator"], []],
  [["load-balancer_admin", "load-balancer_observer", "member_of_staff"], []],
])("of %j: %j", (held, given) => {
  expect(clusterRoles(held)).toEqual(given);
  expect(clusterRoles(held.toReversed())).toEqual(given);
  expect(holds(held, "member")).toBe(given.some((role) => /^_?member_?$/i.test(role)));
});
