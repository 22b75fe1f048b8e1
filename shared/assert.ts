/** Stops on a programmer's error. What a person or a cloud can get wrong is a value, never this. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}
