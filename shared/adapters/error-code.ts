/** Node's code of a failed system call (`ENOENT`), or the error as text. */
export const errorCode = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
