import { showSize } from "../../shared/units.ts";

const of = (claim: string | undefined): string => (claim === undefined ? "" : `, claimed by ${claim}`);

/** Of such a line: what it names, and not what is said of it, which may change. */
export const idIn = (line: string): string => /[0-9a-f-]{32,36}/.exec(line)?.[0] ?? line;

/** Lines of what is left after a delete that keeps data: which it is, and where. */
export const keptShareWords = (id: string, exports: readonly string[], claim?: string): string =>
  `${id}${exports.length === 0 ? "" : ` (${exports.join(",")})`}${of(claim)}`;

export const keptVolumeWords = (id: string, gib: number, claim?: string): string =>
  `volume ${id} (${showSize(gib)})${of(claim)}`;

export const keptSnapshotWords = (id: string, volume: string): string => `snapshot ${id} of volume ${volume}`;
