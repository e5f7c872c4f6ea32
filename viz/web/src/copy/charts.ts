// Charts that change with the day, drawn in the browser of a copy: twins of viz/charts/steps.py and viz/charts/spans.py.
import marks from "../../../marks.json";
import { num } from "./drawing";
import { escape } from "./html";
import { width as wide, wrap } from "./place";
import { number, type Lang } from "./say";

const [PAPER, INK, QUIET, RULE, BLUE] = [marks.paper.light, marks.ink.light, marks.quiet.light, marks.rule.light, marks.families.treaty.light];
const FONT = "Inter, 'Helvetica Neue', Arial, sans-serif";

export interface Sheet { readonly title: string; readonly desc: string; readonly width: number; readonly lang: Lang; readonly prefix: string }

function svg(parts: readonly string[], height: number, { title, desc, width, prefix }: Sheet): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="graph chart" viewBox="0 0 ${num(width)} ${num(height)}" width="${num(width)}" height="${num(height)}" role="group" aria-labelledby="${prefix}-title" aria-describedby="${prefix}-desc" font-family="${escape(FONT)}" font-size="12"><title id="${prefix}-title">${escape(title)}</title><desc id="${prefix}-desc">${escape(desc)}</desc>${parts.join("")}</svg>`;
}

/** A drawing of a page as a file of its own: title above, source line below. Twin of `picture` in viz/charts/drawing.py. */
export function standalone(inner: string, [width, height]: readonly [number, number], title: string, source: string, lang: Lang): string {
  const heading = wrap(title, 17, width - 48, 600);
  const credit = wrap(source, 11, width - 48);
  const top = 22 + 23 * heading.length;
  const foot = top + height + 24;
  const high = foot + 15 * credit.length + 8;
  const row = (x: number, y: number, content: string, size: number, weight: string, colour: string): string =>
    `<text x="${num(x)}" y="${num(y)}" font-size="${size}"${weight} fill="${colour}">${escape(content)}</text>`;
  const rows = [
    ...heading.map((one, turn) => row(24, 30 + 23 * turn, one, 17, ' font-weight="600"', INK)),
    ...credit.map((one, turn) => row(24, foot + 15 * turn, one, 11, "", QUIET)),
  ];
  const wide_ = num(width + 32);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide_} ${num(high)}" width="${wide_}" height="${num(high)}" role="img" aria-labelledby="picture-title picture-source" xml:lang="${lang}" font-family="${escape(FONT)}" font-size="12"><title id="picture-title">${escape(title)}</title><desc id="picture-source">${escape(source)}</desc><rect width="${wide_}" height="${num(high)}" fill="${PAPER}"/>${rows.join("")}<g transform="translate(16 ${num(top)})">${inner}</g></svg>\n`;
}

interface Look { readonly anchor?: string; readonly colour?: string; readonly weight?: number; readonly halo?: boolean }

function words(x: number, y: number, content: string, { anchor = "start", colour = INK, weight = 400, halo = false }: Look = {}): string {
  const around = halo ? ` stroke="${PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"` : "";
  return `<text x="${num(x)}" y="${num(y)}" font-size="12"${anchor === "start" ? "" : ` text-anchor="${anchor}"`}${weight === 400 ? "" : ` font-weight="${weight}"`} fill="${colour}"${around}>${escape(content)}</text>`;
}

function path(d: string, stroke: string, width: number, dash = "", extra = ""): string {
  return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${num(width)}"${dash ? ` stroke-dasharray="${dash}"` : ""}${extra}/>`;
}

const line = (x1: number, y1: number, x2: number, y2: number, stroke = RULE): string => path(`M${num(x1)} ${num(y1)}L${num(x2)} ${num(y2)}`, stroke, 1);

/** A day as a number of years. */
function ofDay(day: string): number {
  const year = Number(day.slice(0, 4));
  const [start, end] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  return year + (Date.parse(`${day}T00:00:00Z`) - start) / (end - start);
}

const linear = (low: number, high: number, start: number, stop: number) => (value: number): number => start + ((value - low) / (high - low)) * (stop - start);

function ticks(high: number, about: number): number[] {
  if (high <= 0) return [0, 1];
  const raw = high / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max([1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? 1, 1);
  return Array.from({ length: Math.ceil(high / step) + 1 }, (_, turn) => step * turn);
}

function years(first: number, last: number, room: number, apart: number): number[] {
  for (const step of [1, 2, 5, 10, 20, 50]) {
    const found: number[] = [];
    for (let year = first; year <= last; year += 1) if (year % step === 0) found.push(year);
    if (found.length * apart <= room) return found;
  }
  return [first, last];
}

/** A line of steps until the day `on`, labelled at its end. `steps` is not empty. */
export function growth(steps: readonly (readonly [string, number])[], on: string, label: string, sheet: Sheet): string {
  const [height, bottom, top] = [260, 28, 26];
  const first = Number(steps[0]?.[0].slice(0, 4));
  const found = ticks(Math.max(1, ...steps.map(([, value]) => value)), 4);
  const parts: string[] = [];
  const start = 38;
  const stop = Math.max(sheet.width - 16 - wide(label, 12, 600), sheet.width * 0.6);
  const year = Number(on.slice(0, 4));
  const x = linear(first, Math.max(year + 1, first + 2), start, stop);
  const y = linear(0, found.at(-1) ?? 1, height - bottom, top);
  for (const value of found) {
    parts.push(line(start, y(value), stop, y(value)), words(start - 6, y(value) + 4, number(value, sheet.lang), { anchor: "end", colour: QUIET }));
  }
  for (const one of years(first, year, stop - start, 46)) parts.push(words(x(one), height - 8, String(one), { anchor: "middle", colour: QUIET }));
  const before = steps.filter(([day]) => day <= on);
  const last = before.at(-1);
  if (!last || !before[0]) return svg([...parts, line(start, y(0), stop, y(0), INK)], height, sheet);
  const d = `M${num(x(ofDay(before[0][0])))} ${num(y(0))}${before.map(([day, value]) => `H${num(x(ofDay(day)))}V${num(y(value))}`).join("")}`;
  const end = x(ofDay(on));
  parts.push(path(`${d}H${num(end)}`, BLUE, 2.2, "", ' stroke-linejoin="round"'), `<circle cx="${num(end)}" cy="${num(y(last[1]))}" r="3.5" fill="${BLUE}"/>`, words(end + 8, y(last[1]) + 4, label, { weight: 600, colour: BLUE }));
  return svg(parts, height, sheet);
}

export interface Span { readonly start: string | null; readonly end: string | null; readonly name: string; readonly address: string }
export interface Point { readonly day: string; readonly name: string; readonly address: string }
export interface Track { readonly label: string; readonly spans: readonly Span[]; readonly points: readonly Point[] }

function linked(address: string, name: string, inner: string): string {
  return `<a href="${escape(address)}" aria-label="${escape(name)}"><title>${escape(name)}</title>${inner}</a>`;
}

/** Rows on a line of time: what lasted, and signatures as half discs. */
export function timeline(rows: readonly Track[], first: string, last: string, sheet: Sheet): string {
  const narrow = sheet.width < 480;
  const step = 24 + (narrow ? 16 : 0);
  const left = narrow ? 4 : 12 + Math.min(Math.max(0, ...rows.map((row) => wide(row.label, 12))), sheet.width * 0.42);
  const [begin, stop] = [left, sheet.width - 12];
  const x = linear(ofDay(first), ofDay(last), begin, stop);
  const bottom = step * rows.length + 4;
  const parts: string[] = [];
  for (const year of years(Number(first.slice(0, 4)), Number(last.slice(0, 4)), sheet.width - left, 48)) {
    if (x(year) < left) continue;
    parts.push(line(x(year), 0, x(year), bottom), words(x(year), bottom + 16, String(year), { anchor: x(year) > sheet.width - 24 ? "end" : "middle", colour: QUIET }));
  }
  rows.forEach((row, turn) => {
    const y = step * turn + step - 10;
    const lines = wrap(row.label, 12, narrow ? sheet.width - 8 : left - 10);
    const label = (lines[0] ?? "") + (lines.length > 1 ? "…" : "");
    parts.push(narrow ? words(4, y - 12, label, { halo: true }) : words(left - 10, y + 4, label, { anchor: "end" }));
    for (const one of row.spans) {
      const open = one.end === null;
      const from = one.start ? x(ofDay(one.start)) : one.end ? x(ofDay(one.end)) - 26 : begin;
      const until = one.end ? x(ofDay(one.end)) : stop;
      const [a, b] = [Math.max(begin, from), Math.min(stop, Math.max(until, Math.max(begin, from) + 3))];
      const solid = one.start !== null && (one.end !== null || open);
      parts.push(linked(one.address, one.name, path(`M${num(a)} ${num(y)}H${num(b)}`, BLUE, 7, solid ? "" : "2 3", ' class="bar"')));
    }
    for (const one of row.points) {
      const at = x(ofDay(one.day));
      const half = `<circle class="mark" cx="${num(at)}" cy="${num(y)}" r="5" fill="${PAPER}" stroke="${BLUE}" stroke-width="1.4"/><path d="M${num(at)} ${num(y - 5)}a5 5 0 0 0 0 10z" fill="${BLUE}"/>`;
      parts.push(linked(one.address, one.name, half));
    }
  });
  return svg(parts, step * rows.length + 24 + 8, sheet);
}
