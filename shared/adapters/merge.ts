import type { Entry } from "../ports/store.ts";

/** Several listings that are in key order each, as one. All of them are asked at once. */
export async function* inOrder(listings: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const heads = await Promise.all(
    listings.map(async (listing) => ({ listing, entry: (await listing.next()).value as Entry | undefined })),
  );
  for (;;) {
    const [first] = heads
      .filter(({ entry }) => entry !== undefined)
      .sort((a, b) => ((a.entry?.key ?? "") < (b.entry?.key ?? "") ? -1 : 1));
    if (first?.entry === undefined) return;
    yield first.entry;
    first.entry = (await first.listing.next()).value as Entry | undefined;
  }
}
