import type { Channel, Person } from "./model.ts";

export const PEOPLE: readonly Person[] = [
  { id: "U0DEV", name: "dana", real_name: "Dana", title: "developer" },
  { id: "U0DEVTWO", name: "devon", real_name: "Devon", title: "developer" },
  { id: "U0APPROVER", name: "avery", real_name: "Avery", title: "approver" },
  { id: "U0SECOND", name: "sam", real_name: "Sam", title: "second approver" },
  { id: "U0ONCALL", name: "oli", real_name: "Oli", title: "on-call" },
];

export const CHANNELS: readonly Channel[] = [
  { id: "C0TEAMA", name: "team-a", topic: "Clusters of team-a", botIsMember: true },
  { id: "C0TEAMB", name: "team-b", topic: "Clusters of team-b", botIsMember: true },
  { id: "C0ONCALL", name: "oncall", topic: "Trouble is reported here", botIsMember: true },
];

export const USER_GROUPS: Readonly<Record<string, readonly string[]>> = {
  S0APPROVERS: ["U0APPROVER", "U0SECOND"],
};
