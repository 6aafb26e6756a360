// Buttons that print the page; without script the browser's own menu does.
export function printing(): void {
  document.querySelectorAll<HTMLButtonElement>("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}
