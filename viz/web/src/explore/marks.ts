// Colours, dashes and shapes from viz/marks.json, in the theme that the page shows.
import marks from "../../../marks.json";
import type { ShapeName } from "./programs/node";
import type { Family, Kind } from "./state";

export interface Colours { paper: string; ink: string; quiet: string; rule: string }

/** Whether the page is dark: the reader's own choice, or else the system's. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "dark" || chosen === "light") return chosen === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function theme(): "light" | "dark" {
  return isDark() ? "dark" : "light";
}

export function colours(): Colours {
  const now = theme();
  return { paper: marks.paper[now], ink: marks.ink[now], quiet: marks.quiet[now], rule: marks.rule[now] };
}

export function line(family: Family): { color: string; dash: readonly number[]; width: number } {
  const mark = marks.families[family];
  return { color: mark[theme()], dash: mark.dash, width: mark.width };
}

export function shape(kind: Kind): { shape: ShapeName; size: number } {
  const mark = marks.kinds[kind];
  return { shape: mark.shape as ShapeName, size: mark.size };
}

/** A colour with an opacity, as #RRGGBBAA. */
export function faded(color: string, alpha: number): string {
  return color.slice(0, 7) + Math.round(alpha * 255).toString(16).padStart(2, "0");
}
