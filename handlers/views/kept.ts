import { showSize } from "../../shared/units.ts";

const of = (claim: string | undefined): string => (claim === undefined ? "" : `, claimed by ${claim}`);

/** Lines of what is left after a delete that keeps data: which it is, and where. */
export const keptShareWords = (id: string, exports: readonly string[], claim?: string): string =>
  `${id}${exports.length === 0 ? "" : ` (${exports.join(",")})`}${of(claim)}`;

export const keptVolumeWords = (id: string, gib: number, claim?: string): string =>
  `volume ${id} (${showSize(gib)})${of(claim)}`;

export const keptSnapshotWords = (id: string, volume: string): string => `snapshot ${id} of volume ${volume}`;
