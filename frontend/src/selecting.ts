// Rows chosen for the bar: by x, by their boxes (Shift for a range), all of a page; what each button would act on.
import { counted, fitting } from "./counting.ts";

type Box = HTMLInputElement;
const UNDO_MS = 8000;

export function selecting(list: HTMLElement): { toggle: (row?: Element) => void; clear: () => boolean } {
  let last: Box | undefined;
  const boxes = () => [...list.querySelectorAll<Box>(".sel input")];
  const chosen = () => boxes().filter((box) => box.checked);

  function show(): void {
    const ticked = chosen();
    const bar = list.querySelector<HTMLElement>("[data-bulk]");
    const all = list.querySelector<Box>("[data-all]");
    boxes().forEach((box) => box.closest("tr")?.setAttribute("aria-selected", String(box.checked)));
    if (all) {
      all.checked = ticked.length > 0 && ticked.length === boxes().length;
      all.indeterminate = ticked.length > 0 && !all.checked;
    }
    if (!bar) return;
    const told = bar.querySelector<HTMLElement>("[data-chosen]");
    if (told) told.textContent = counted(told.dataset["text"] ?? "", ticked.length);
    const fit = bar.querySelector<HTMLElement>("[data-fit]");
    const named = ticked.filter((box) => "suggested" in box.dataset).length;
    if (fit) {
      fit.hidden = !named || !ticked.some((box) => (box.dataset["deeds"] ?? "").split(" ").includes("dispatch"));
      fit.textContent = counted(fit.dataset["text"] ?? "", named);
    }
    let first = true;
    bar.querySelectorAll<HTMLElement>("[data-deed]").forEach((deed) => {
      const n = fitting(ticked.map((box) => box.dataset["deeds"] ?? ""), deed.dataset["deed"] ?? "");
      deed.hidden = !n;
      for (const label of [deed, ...deed.querySelectorAll<HTMLElement>("[data-label]")]) {
        if (label.dataset["label"]) label.textContent = counted(label.dataset["label"], n);
      }
      const face = deed.matches("button") ? deed : deed.querySelector("summary");
      face?.classList.toggle("primary", Boolean(n) && first);
      if (n) first = false;
    });
  }

  function tick(box: Box, to: boolean, range: boolean): void {
    const all = boxes();
    const [from, until] = [last && range ? all.indexOf(last) : -1, all.indexOf(box)];
    box.checked = to;
    if (from >= 0) all.slice(Math.min(from, until), Math.max(from, until) + 1).forEach((one) => (one.checked = to));
    last = box;
    show();
  }

  list.addEventListener("click", (event) => {
    const box = event.target as Box;
    if (box.matches?.(".sel input")) tick(box, box.checked, event.shiftKey);
    if (box.matches?.("[data-all]")) {
      boxes().forEach((one) => (one.checked = box.checked));
      show();
    }
  });
  list.addEventListener("reset", () => setTimeout(show));
  // Rows that do not allow the deed stay out of it; the result speaks of the others only.
  list.addEventListener("submit", (event) => {
    const { submitter } = event as SubmitEvent;
    if (!(submitter instanceof HTMLButtonElement) || !(event.target as Element).matches("[data-bulk]")) return;
    const out = chosen().filter((box) => !(box.dataset["deeds"] ?? "").split(" ").includes(submitter.value));
    out.forEach((box) => (box.disabled = true));
    setTimeout(() => out.forEach((box) => (box.disabled = false)), 1000);
  }, { capture: true });
  const undo = () => list.querySelectorAll<HTMLElement>("[data-undo]").forEach((bar) => setTimeout(() => bar.remove(), UNDO_MS));
  list.addEventListener("htmx:load", () => { undo(); show(); });
  undo();
  show();
  return {
    toggle: (row) => {
      const box = row?.querySelector<Box>(".sel input");
      if (box) tick(box, !box.checked, false);
    },
    clear: () => {
      const any = chosen().length > 0;
      boxes().forEach((box) => (box.checked = false));
      show();
      return any;
    },
  };
}
