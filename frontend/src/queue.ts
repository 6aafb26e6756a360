// The queue: a cursor moved by j and k, a preview beside the list, rows and pins linked. The list may be exchanged
// under it (after acts on many), so everything listens above it.
import { bind } from "./keys.ts";
import { remember } from "./neighbours.ts";
import { selecting } from "./selecting.ts";
import { SmallMap } from "./smallmap.ts";

const rows = () => [...document.querySelectorAll<HTMLTableRowElement>("tr[data-k]")];
const current = () => document.querySelector<HTMLTableRowElement>("tr.at");

function moveTo(row: HTMLTableRowElement | undefined): void {
  if (!row) return;
  current()?.classList.remove("at");
  row.classList.add("at");
  row.scrollIntoView({ block: "nearest" });
  document.querySelectorAll(".pin.on").forEach((pin) => pin.classList.remove("on"));
  document.querySelector(`.pin[data-k="${CSS.escape(row.dataset["k"] ?? "")}"]`)?.classList.add("on");
  row.dispatchEvent(new CustomEvent("preview"));
}

function step(by: 1 | -1): void {
  const all = rows();
  const at = all.findIndex((row) => row.classList.contains("at"));
  moveTo(all[Math.min(all.length - 1, Math.max(0, at + by))]);
}

function linkRowsAndPins(): void {
  for (const kind of ["mouseover", "mouseout"] as const) {
    document.addEventListener(kind, (event) => {
      const key = (event.target as Element).closest<HTMLElement | SVGElement>("[data-k]")?.dataset["k"];
      if (!key) return;
      document.querySelectorAll(`[data-k="${CSS.escape(key)}"]`).forEach((node) => node.classList.toggle("linked", kind === "mouseover"));
    });
  }
}

/** Esc leaves what was begun: a field, an open form, the chosen rows. */
function leave(clear: () => boolean): void {
  const open = document.querySelector<HTMLDetailsElement>("details.more[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary")?.focus();
  } else if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) document.activeElement.blur();
  else clear();
}

export function queue(): void {
  document.addEventListener("change", (event) => {
    (event.target as Element).closest<HTMLSelectElement>("form[data-auto] > select")?.form?.requestSubmit();
  });
  const list = document.querySelector<HTMLElement>("[data-queue]");
  if (!list) return;
  const keep = () => remember(rows().map((row) => row.dataset["k"] ?? ""));
  keep();
  list.addEventListener("htmx:load", keep);
  const { toggle, clear } = selecting(list);
  bind({
    j: () => step(1),
    k: () => step(-1),
    x: () => toggle(current() ?? undefined),
    b: () => list.querySelector<HTMLElement>("[data-bulk] .btn.primary:is(summary, [data-deed])")?.focus(),
    Enter: (event) => {
      const link = current()?.querySelector<HTMLAnchorElement>("a.title");
      if (link && event.target === document.body) location.assign(link.href);
    },
    Escape: () => leave(clear),
  });
  list.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (!target.closest("a, button, input, label, summary, .pop")) moveTo(target.closest<HTMLTableRowElement>("tr[data-k]") ?? undefined);
  });
  document.addEventListener("pin", (event) => {
    const { number } = (event as CustomEvent<{ number: string }>).detail;
    moveTo(rows().find((row) => row.dataset["k"] === number));
  });
  // The views are asked for anew every few seconds, but not under somebody's hand.
  list.addEventListener("htmx:beforeRequest", (event) => {
    if ((event.target as Element).querySelector?.(":scope > details[open]")) event.preventDefault();
  });
  linkRowsAndPins();
  const side = document.querySelector<HTMLElement>(".mapside [data-map]");
  if (!side?.offsetParent) return;
  const map = new SmallMap(side);
  const first = () => moveTo(current() ?? rows()[0]);
  void map.load().then(first);
  list.addEventListener("htmx:load", (event) => {
    if ((event.target as HTMLElement).id === "list") void map.reload().then(first);
  });
}
