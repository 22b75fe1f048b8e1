/** What was sent from a field, to be brought back with the arrow keys. */
export function recalls() {
  const sent: string[] = [];
  let back = 0;
  return {
    keep(text: string): void {
      if (sent.at(-1) !== text) sent.push(text);
      back = 0;
    },
    /** The text one step older (1) or newer (-1), or undefined where `typed` is the person's own or there is none. */
    step(step: 1 | -1, typed: string): string | undefined {
      const untouched = typed === "" || typed === sent.at(-back);
      if (!untouched || (step === 1 ? sent.length === 0 : back === 0)) return undefined;
      back = Math.max(0, Math.min(sent.length, back + step));
      return back === 0 ? "" : sent.at(-back);
    },
  };
}
