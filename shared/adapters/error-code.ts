/** Node's code of a failed system call (`ENOENT`), or the error as text. */
export const errorCode = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);

/** An error in words. What was tried at several addresses says nothing itself, and each of its parts does. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message || errorCode(error) : String(error);
}
