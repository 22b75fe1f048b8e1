/** What Enter, Tab, Escape and the arrows do in a composer's field. Each says whether it had something to do. */
export interface KeyActions {
  enter(): boolean;
  complete(): boolean;
  dismiss(): boolean;
  move(step: 1 | -1): boolean;
}

/** What an action took is the browser's no more. With Shift, Enter is a new line and Tab goes back. */
export function keyHandler({ enter, complete, dismiss, move }: KeyActions): (event: KeyboardEvent) => void {
  const always: Readonly<Record<string, () => boolean>> = {
    Escape: dismiss,
    ArrowUp: () => move(-1),
    ArrowDown: () => move(1),
  };
  const unshifted: Readonly<Record<string, () => boolean>> = { Enter: enter, Tab: complete };
  return (event) => {
    if (event.isComposing) return;
    const action = always[event.key] ?? (event.shiftKey ? undefined : unshifted[event.key]);
    if (action?.() !== true) return;
    event.preventDefault();
    if (event.key === "Escape") event.stopPropagation();
  };
}
