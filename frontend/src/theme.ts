// Light or dark. The choice is a cookie, so that the server writes it into the page and nothing flashes.
export type Theme = "light" | "dark";

const YEAR = 31_536_000;

/** What is shown now: the choice, else what the system prefers. */
export function shown(root: HTMLElement, prefersDark: boolean): Theme {
  const chosen = root.dataset["theme"];
  return chosen === "dark" || chosen === "light" ? chosen : prefersDark ? "dark" : "light";
}

export function cookie(theme: Theme): string {
  return `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
}

export function themeToggles(): void {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next: Theme = shown(root, system.matches) === "dark" ? "light" : "dark";
      root.dataset["theme"] = next;
      document.cookie = cookie(next);
      document.dispatchEvent(new CustomEvent("theme"));
    });
  }
}
