// A long list of conditions is narrowed by typing; without script the whole list stays.

/** Whether every word of the query stands in the text; a query shorter than two characters narrows nothing. */
export function found(text: string, query: string): boolean {
  const typed = query.trim().toLowerCase();
  if (typed.length < 2) return true;
  const within = text.toLowerCase();
  return typed.split(/\s+/).every((word) => within.includes(word));
}

type Group = { group: HTMLOptGroupElement; options: HTMLOptionElement[] };

function narrow(field: HTMLInputElement, list: HTMLSelectElement, told: HTMLElement | null): void {
  const groups: Group[] = [...list.querySelectorAll("optgroup")].map((group) => ({ group, options: [...group.querySelectorAll("option")] }));
  const all = groups.reduce((sum, { options }) => sum + options.length, 0);
  const show = () => {
    const chosen = list.value;
    let n = 0;
    for (const { group, options } of groups) {
      const kept = options.filter((option) => found(`${group.label} ${option.text}`, field.value));
      n += kept.length;
      group.replaceChildren(...kept);
      if (kept.length) list.append(group);
      else group.remove();
    }
    list.value = chosen;
    if (list.selectedIndex < 0) list.value = "";
    if (!told) return;
    told.hidden = n === all;
    told.textContent = (told.dataset["narrowed"] ?? "").replace("{n}", String(n)).replace("{all}", String(all));
  };
  field.hidden = false;
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const first = list.querySelector<HTMLOptionElement>("optgroup option");
    if (first && !list.value && field.value.trim().length > 1) list.value = first.value;
    list.focus();
  });
}

export function narrowing(): void {
  document.querySelectorAll<HTMLInputElement>("[data-narrows]").forEach((field) => {
    const list = document.getElementById(field.dataset["narrows"] ?? "");
    const told = field.parentElement?.querySelector<HTMLElement>("[data-narrowed]") ?? null;
    if (list instanceof HTMLSelectElement) narrow(field, list, told);
  });
}

/** A suggested class: its conditions alone are left in the list, and the only one is taken. */
export function choosing(): void {
  document.querySelectorAll<HTMLButtonElement>("[data-chooses]").forEach((button) => {
    const list = document.getElementById(button.dataset["chooses"] ?? "");
    const field = list?.parentElement?.querySelector<HTMLInputElement>("[data-narrows]");
    if (!(list instanceof HTMLSelectElement) || !field) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = button.dataset["group"] ?? "";
      field.dispatchEvent(new Event("input"));
      const group = [...list.querySelectorAll("optgroup")].find((one) => one.label === field.value);
      const options = group?.querySelectorAll("option") ?? [];
      list.value = options.length === 1 ? options[0]?.value ?? "" : "";
      list.focus();
    });
  });
}
