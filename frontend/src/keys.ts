// Keys of the desk. They rest while somebody types, and with Ctrl, Alt or Meta.
export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

export function bind(bindings: Bindings): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (typing(event.target) && event.key !== "Escape") return;
    bindings[event.key]?.(event);
  });
}
