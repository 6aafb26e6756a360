// The frame of every page of the desk: `/` searches, `?` shows the keys, `g` and a letter lead to a page.
import { bind, typing } from "./keys.ts";

const WAIT = 1500;

/** The letter after `g`, if it came in time; else nothing. */
export function follows(at: number, now: number, key: string): string {
  return at > 0 && now - at < WAIT && /^[a-z]$/.test(key) ? key : "";
}

/** Whether links beside the heading stand below its only line, where nobody sees them. */
function further(): void {
  const beside = document.querySelector<HTMLElement>(".neighbours");
  if (!beside) return;
  new ResizeObserver(() => beside.toggleAttribute("data-further", beside.scrollHeight > beside.clientHeight + 1)).observe(beside);
}

export function frame(): void {
  further();
  const sheet = document.querySelector<HTMLElement>("#keys[popover]");
  bind({
    "?": () => sheet?.togglePopover(),
    "/": (event) => {
      const field = document.querySelector<HTMLInputElement>("[data-search]");
      if (!field || event.defaultPrevented) return;
      event.preventDefault();
      field.focus();
    },
    Escape: () => { if (typing(document.activeElement)) (document.activeElement as HTMLElement).blur(); },
  });
  let pressed = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const letter = follows(pressed, event.timeStamp, event.key);
    pressed = event.key === "g" ? event.timeStamp : 0;
    const link = letter && document.querySelector<HTMLAnchorElement>(`[data-go="${letter}"]`);
    if (!link) return;
    event.stopImmediatePropagation();
    link.click();
  }, true);
}
