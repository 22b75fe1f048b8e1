export type Child = Node | string | undefined | false;
type Value = string | boolean | number | undefined | ((event: never) => void);

/** An element from data, never from markup: what others wrote stays text. `on…` are listeners, the rest are attributes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value as EventListener);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) if (child !== undefined && child !== false) parent.appendChild(asNode(child));
}

const asNode = (child: Node | string): Node => (typeof child === "string" ? document.createTextNode(child) : child);

/** @throws if the page's own HTML lacks it */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

interface Keyed {
  readonly key: string;
  /** When it is equal, the element on the page is kept as it is. */
  readonly signature: string;
  readonly build: () => HTMLElement;
}

const signatures = new WeakMap<Element, string>();

/** Makes the children of `parent` those of `items`, touching only what changed and keeping the focus where it was. */
export function reconcile(parent: HTMLElement, items: readonly Keyed[]): void {
  const focus = document.activeElement?.closest("[data-focus]")?.getAttribute("data-focus");
  const old = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  items.forEach((item, at) => {
    const had = old.get(item.key);
    old.delete(item.key);
    const same = had !== undefined && signatures.get(had) === item.signature;
    const node = same ? had : item.build();
    if (!same) {
      node.setAttribute("data-key", item.key);
      signatures.set(node, item.signature);
      if (had !== undefined) had.replaceWith(node);
    }
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
  for (const gone of old.values()) gone.remove();
  if (focus !== undefined && focus !== null && document.activeElement === document.body) {
    document.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  }
}
