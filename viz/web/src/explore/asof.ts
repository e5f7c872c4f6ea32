// The as-of rule: twin of graph/read/dates.py, bound to it by tests/unit/dates-vectors.json.
// Days are ISO dates, which compare as text.
import type { Standing } from "./scene";

export type Validity = "yes" | "no" | "unknown";

/** Something holds on a day when it began by then and has not ended by then; an unknown start is a third answer. */
export function valid(on: string, start: string | null, end: string | null, knownBy: string | null = null): Validity {
  if (end !== null && end <= on) return "no";
  if (start !== null) return start <= on ? "yes" : "no";
  return knownBy !== null && knownBy <= on ? "yes" : "unknown";
}

/** The first day of a day, month or year as a source prints it. */
export function firstDay(text: string): string {
  return text.length === 10 ? text : text.length === 7 ? `${text}-01` : `${text}-01-01`;
}

/** The end of a validity as an exclusive bound: a day ends on itself, a month or a year lasts through it. */
export function dayAfter(text: string): string {
  if (text.length === 10) return text;
  const [year = 0, month = 12] = text.split("-").map(Number);
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, "0")}-01`;
}

/** The same answer as a drawing shows it, the two ways of not holding told apart. */
export function standing(on: string, start: string | null, end: string | null): Standing {
  const found = valid(on, start, end);
  if (found === "yes") return "valid";
  if (found === "unknown") return "unknown";
  return end !== null && end <= on ? "ended" : "future";
}
