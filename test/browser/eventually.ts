const PATIENCE_MS = 10_000;
const BETWEEN_MS = 50;

/** Passes as soon as `check` does; a page shows what it is told a moment later. Throws what `check` threw last. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}
