// Words of a copy: sentences with gaps, numbers, days and lists in English and French. Twins of api/language.py and
// viz/words.py, whose tables come with the copy.
import type { Standing } from "../explore/scene";
import type { Family, Kind } from "../explore/state";

export type Lang = "en" | "fr";
export interface Words {
  readonly explorer: Readonly<Record<string, string>>; readonly caption: Readonly<Record<string, string>>;
  readonly family: Readonly<Record<Family, string>>; readonly standing: Readonly<Record<Standing, string>>;
  readonly kind: Readonly<Record<Kind, readonly [string, string]>>; readonly explanation: Readonly<Record<string, string>>;
}

export type Values = Readonly<Record<string, string | number>>;

/** A number with the language's own grouping of thousands. */
export function number(value: number, lang: Lang): string {
  return value.toLocaleString(lang);
}

/** Fills the gaps of a sentence. */
export function fill(text: string, values: Values, lang: Lang): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    return value === undefined ? gap : typeof value === "number" ? number(value, lang) : value;
  });
}

/** The sentence of a key; one that differs with the number `n` has the forms `one` and `many`. */
export function sentence(table: Readonly<Record<string, string>>, key: string, values: Values, lang: Lang): string {
  let found = key;
  const n = values["n"];
  if (!(key in table) && typeof n === "number") found = `${key}.${(lang === "fr" ? n < 2 : n === 1) ? "one" : "many"}`;
  const text = table[found];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return fill(text, values, lang);
}

/** A day written out: 23 November 2026, 1er janvier 2005. */
export function day(value: string, lang: Lang): string {
  const [year = "", , date = ""] = value.split("-");
  const month = new Intl.DateTimeFormat(lang, { month: "long", timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`));
  const first = lang === "fr" && Number(date) === 1 ? "1er" : String(Number(date));
  return `${first} ${month} ${Number(year)}`;
}

const NBSP = "\u00a0";

/** A day, a month or a year as a source prints it, in words: twin of `written` in graph/read/dates.py. */
export function written(value: string | null, lang: Lang): string {
  if (value === null) return lang === "fr" ? "date inconnue" : "day not known";
  const [year = "", month, date] = value.split("-");
  if (month === undefined) return String(Number(year));
  const name = new Intl.DateTimeFormat(lang, { month: "long", timeZone: "UTC" }).format(new Date(`${year}-${month}-01T00:00:00Z`));
  if (date === undefined) return `${name} ${Number(year)}`;
  if (lang === "en") return `${Number(date)} ${name} ${Number(year)}`;
  return `${Number(date) === 1 ? "1er" : Number(date)}${NBSP}${name} ${Number(year)}`;
}

/** When something happened: on 29 October 2002, in October 2002; le 29 octobre 2002, en octobre 2002. */
export function moment(value: string | null, lang: Lang): string {
  if (value === null) return written(null, lang);
  const exact = value.length === 10;
  if (lang === "en") return `${exact ? "on" : "in"} ${written(value, lang)}`;
  return exact ? `le${NBSP}${written(value, lang)}` : `en ${written(value, lang)}`;
}

/** France, Sweden and Norway. */
export function joined(several: readonly string[], lang: Lang): string {
  const before = several.slice(0, -1).join(", ");
  return [before, several.at(-1) ?? ""].filter(Boolean).join(lang === "fr" ? " et " : " and ");
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
