// The case page: before against after, standard phrases, copying, small map, keys to neighbours.
import { bind } from "./keys.ts";
import { choosing, narrowing } from "./narrowing.ts";
import { toggled } from "./phrases.ts";
import { printing } from "./printing.ts";
import { SmallMap } from "./smallmap.ts";
import { beside, remembered } from "./neighbours.ts";

function compare(): void {
  document.querySelectorAll<HTMLInputElement>(".compare input").forEach((slider) =>
    slider.addEventListener("input", () => slider.parentElement?.style.setProperty("--at", `${slider.value}%`)));
}

function phrases(): void {
  document.querySelectorAll<HTMLElement>("[data-phrase], [data-phrase-keys]").forEach((one) => {
    one.hidden = false;
  });
  // Alt and a digit: the phrases of the form in which one stands, else of the next step.
  document.addEventListener("keydown", (event) => {
    const digit = event.altKey && !event.ctrlKey && !event.metaKey && /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (!digit) return;
    const form = (document.activeElement as HTMLElement | null)?.closest("form:has([data-phrase])") ?? document.querySelector("#next form");
    const button = form?.querySelectorAll<HTMLButtonElement>("[data-phrase]")[Number(digit) - 1];
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-phrase]");
    const area = (button?.closest(".field") ?? button?.closest("form"))?.querySelector("textarea") ?? button?.closest("form")?.querySelector("textarea");
    if (!button || !area) return;
    area.value = toggled(area.value, button.dataset["phrase"] ?? "");
    button.setAttribute("aria-pressed", String(area.value.includes(button.dataset["phrase"] ?? "")));
    area.focus();
  });
}

function copying(): void {
  document.querySelectorAll<HTMLButtonElement>("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = button.dataset["copy"] || location.href;
      const label = button.querySelector("[data-label]") ?? button;
      void navigator.clipboard.writeText(text).then(() => {
        const before = label.textContent;
        label.textContent = button.dataset["copied"] ?? before;
        setTimeout(() => (label.textContent = before), 2000);
      });
    });
  });
}

/** Another unit stands instead of the choices above it, and either takes the other's place. */
function units(): void {
  document.querySelectorAll<HTMLSelectElement>("select[data-unit]").forEach((list) => {
    const radios = [...list.closest("fieldset")?.querySelectorAll<HTMLInputElement>("input[type=radio]") ?? []];
    list.addEventListener("change", () => radios.forEach((radio) => (radio.checked = !list.value && radio.defaultChecked)));
    radios.forEach((radio) => radio.addEventListener("change", () => (list.value = "")));
  });
}

/** Where the case stands in the list that was left, and the way to its neighbours. */
function neighbours(number: string): void {
  const bar = document.querySelector<HTMLElement>("[data-position]");
  const place = beside(remembered(), number);
  if (!bar || !place) return;
  const said = bar.querySelector("[data-said]");
  if (said) said.textContent = (bar.dataset["position"] ?? "").replace("{n}", String(place.n)).replace("{all}", String(place.all));
  for (const [name, other] of [["previous", place.previous], ["next", place.next]] as const) {
    const link = bar.querySelector<HTMLAnchorElement>(`[data-${name}]`);
    if (!link || !other) continue;
    link.href = location.pathname.replace(number, encodeURIComponent(other));
    link.hidden = false;
  }
  bar.hidden = false;
}

export function casePage(): void {
  narrowing();
  choosing();
  units();
  compare();
  phrases();
  copying();
  printing();
  addEventListener("beforeprint", () => document.querySelectorAll<HTMLDetailsElement>(".trace details").forEach((one) => { one.open = true; }));
  const page = document.querySelector<HTMLElement>("[data-case]");
  if (!page) return;
  neighbours(page.dataset["case"] ?? "");
  const small = page.querySelector<HTMLElement>("[data-map]");
  if (small) void new SmallMap(small).load();
  const go = (selector: string) => document.querySelector<HTMLAnchorElement>(selector)?.click();
  bind({ j: () => go("[data-next]"), k: () => go("[data-previous]"), Escape: () => go("[data-back]") });
}
