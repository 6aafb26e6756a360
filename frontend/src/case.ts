// The case page: before against after, standard phrases, copying, small map, keys to neighbours.
import { bind } from "./keys.ts";
import { choosing, narrowing } from "./narrowing.ts";
import { toggled } from "./phrases.ts";
import { printing } from "./printing.ts";
import { SmallMap } from "./smallmap.ts";

function compare(): void {
  document.querySelectorAll<HTMLInputElement>(".compare input").forEach((slider) =>
    slider.addEventListener("input", () => slider.parentElement?.style.setProperty("--at", `${slider.value}%`)));
}

function phrases(): void {
  document.querySelectorAll<HTMLButtonElement>("[data-phrase]").forEach((button) => {
    button.hidden = false;
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
  const small = page.querySelector<HTMLElement>("[data-map]");
  if (small) void new SmallMap(small).load();
  const go = (selector: string) => document.querySelector<HTMLAnchorElement>(selector)?.click();
  bind({ j: () => go("[data-next]"), k: () => go("[data-previous]"), Escape: () => go("[data-back]") });
}
