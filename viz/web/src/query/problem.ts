// A problem of the server as something to show: where in the text it is, and what to do.

export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
}

/** Where a problem is, as offsets in the text: from its column to the end of the word there. Null where it says no line. */
export function place(problem: Pick<Problem, "line" | "column">, text: string): { from: number; to: number } | null {
  if (!problem.line) return null;
  const lines = text.split("\n");
  const at = Math.min(problem.line, lines.length) - 1;
  const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
  const line = lines[at] ?? "";
  // the server counts characters, an editor UTF-16 units
  const before = [...line].slice(0, Math.max((problem.column ?? 1) - 1, 0)).join("").length;
  const rest = line.slice(before);
  const word = /^(?:[\w:?$-]+|\S)/u.exec(rest)?.[0].length ?? 0;
  if (word) return { from: start + before, to: start + before + word };
  // an empty rest: the mistake is the end of the line, its last character is marked
  const from = start + Math.max(line.trimEnd().length - 1, 0);
  return { from, to: Math.max(start + line.length, from) };
}

/** What is written beside the place: the detail, and the hint where there is one. */
export const said = (problem: Pick<Problem, "detail" | "hint">): string =>
  problem.hint && !problem.detail.includes(problem.hint) ? `${problem.detail} ${problem.hint}` : problem.detail;
