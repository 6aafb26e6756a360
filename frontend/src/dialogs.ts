// Native dialogs opened and closed by buttons that name them.
const dialog = (id: string | undefined) => document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(id ?? "")}`);

export function dialogs(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-open], [data-close]");
    if (button?.dataset["open"]) dialog(button.dataset["open"])?.showModal();
    else if (button) button.closest("dialog")?.close();
  });
}
