// The queue: a cursor moved by j and k, a preview beside the list, rows and pins linked.
import { bind } from "./keys.ts";
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

export function queue(): void {
  const list = document.querySelector<HTMLElement>("[data-queue]");
  if (!list) return;
  bind({
    j: () => step(1),
    k: () => step(-1),
    Enter: (event) => {
      const link = current()?.querySelector<HTMLAnchorElement>("a.title");
      if (link && event.target === document.body) location.assign(link.href);
    },
    "/": (event) => {
      event.preventDefault();
      document.querySelector<HTMLInputElement>("[data-search]")?.focus();
    },
    Escape: () => (document.activeElement as HTMLElement | null)?.blur(),
  });
  list.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (!target.closest("a, button, input, label")) moveTo(target.closest<HTMLTableRowElement>("tr[data-k]") ?? undefined);
  });
  document.addEventListener("pin", (event) => {
    const { number } = (event as CustomEvent<{ number: string }>).detail;
    moveTo(rows().find((row) => row.dataset["k"] === number));
  });
  document.querySelectorAll<HTMLElement>("form[data-auto] select").forEach((select) =>
    select.addEventListener("change", () => select.closest("form")?.requestSubmit()));
  linkRowsAndPins();
  const side = document.querySelector<HTMLElement>(".mapside [data-map]");
  if (side && side.offsetParent) {
    void new SmallMap(side).load().then(() => { if (!current()) moveTo(rows()[0]); else moveTo(current()!); });
  }
}
