// Keys of the desk. They rest while somebody types, with Ctrl, Alt or Meta, and while a dialog or a sheet is open:
// then Esc closes that and does nothing else.
export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

export function bind(bindings: Bindings): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (typing(event.target) && event.key !== "Escape") return;
    bindings[event.key]?.(event);
  });
}
