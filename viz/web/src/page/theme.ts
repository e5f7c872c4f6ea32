/**
 * The switch between light and dark: a button with data-theme-switch. The choice goes into a cookie, so that the server
 * writes data-theme into <html> and no page flashes in the wrong colours; without a choice the system's setting holds.
 */
export type Theme = "light" | "dark";

const YEAR = 365 * 24 * 3600;

/** The theme that the page shows now. */
export function current(root: HTMLElement, systemIsDark: boolean): Theme {
  const chosen = root.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return systemIsDark ? "dark" : "light";
}

/** The cookie that remembers a choice; SameSite=Lax keeps it out of other sites' requests. */
export function cookie(theme: Theme): string {
  return `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
}

export function startTheme(page: Document): void {
  const root = page.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-theme-switch]")) {
    const show = (): void => button.setAttribute("aria-pressed", String(current(root, dark.matches) === "dark"));
    button.hidden = false;
    button.addEventListener("click", () => {
      const next: Theme = current(root, dark.matches) === "dark" ? "light" : "dark";
      root.dataset["theme"] = next;
      page.cookie = cookie(next);
      show();
    });
    dark.addEventListener("change", show);
    show();
  }
}
