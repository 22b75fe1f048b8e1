/** A duration in ms: what one in ten is below, what half are below, and what nine in ten are below. */
export type Takes = readonly [p10: number, p50: number, p90: number];

/**
 * How long the lab (OpenStack 2025.1 on two cores that others work on too) takes for what it does after its answer, as a
 * client sees it: from the answer to the first look that shows it done, looked at every 50 ms, one thing at a time.
 * `node test/contract/timings.ts` measures it anew and prints these rows; N is 7 of each, and 14 or 21 of what a round has
 * several times.
 */
export const TAKES = {
  serverScheduled: [1241, 1309, 1342],
  serverBuilt: [6893, 7097, 7903],
  serverRemoved: [2964, 3049, 3144],
  /** For a moment, a server that is gone is still there as DELETED. */
  serverForgotten: [1978, 2059, 2355],
  recordsetWritten: [1835, 2798, 3497],
  orderMade: [11, 17, 39],
  shareCreated: [924, 1326, 1804],
  /** With the share server that it is the first one of. */
  serverShareCreated: [3002, 3252, 8808],
  shareServerTornDown: [744, 1085, 3546],
  shareResized: [415, 610, 940],
  shareDeleted: [608, 1004, 2110],
  accessQueued: [388, 585, 939],
  accessApplied: [263, 450, 722],
  interfaceWired: [77, 134, 1396],
  floatingIpAssociated: [38, 42, 64],
  ovn: {
    create: [408, 753, 951],
    remove: [683, 1141, 1507],
    change: [348, 568, 877],
    // For each one it asks Neutron for ports and floating IPs.
    wiring: [528, 1990, 2936],
    joining: [1688, 2423, 3289],
  },
  amphora: {
    create: [3617, 4713, 7198],
    remove: [2446, 3273, 5621],
    change: [154, 308, 901],
    wiring: [194, 372, 2214],
    joining: [850, 1258, 2870],
  },
} as const satisfies Readonly<Record<string, Takes | Readonly<Record<string, Takes>>>>;

/** Watched on the lab, and not by the script: no client of ours waits for these. */
export const WATCHED = {
  serverStopped: [600, 1000, 1400],
  /** Within the build. */
  portWired: [480, 800, 1120],
  /** Until a zone that has changed has its new serial. */
  zoneSerial: [190, 550, 910],
} as const satisfies Readonly<Record<string, Takes>>;

/** The duration that this part (0 to 1) of all are below: straight lines through the three, and on beyond them. */
export function quantileOf([p10, p50, p90]: Takes, part: number): number {
  const ms = part < 0.5 ? p50 - ((0.5 - part) / 0.4) * (p50 - p10) : p50 + ((part - 0.5) / 0.4) * (p90 - p50);
  return Math.max(0, ms);
}
