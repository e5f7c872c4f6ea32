// The release's schema file, and what can stand at a place of a query by it.

/** `schema.json` of a release; see graph/read/completion.py. */
export interface Schema {
  readonly prefixes: Readonly<Record<string, string>>;
  readonly classes: readonly Row[];
  readonly properties: readonly Row[];
  readonly things: readonly Row[];
}
/** Prefixed name, instances or uses or kind, English name, French name where it is another one. */
export type Row = readonly [string, number | string, string, string | null];

/** The schema file at an address; null where there is none, or where it cannot be had now. */
export async function loaded(address: string | undefined): Promise<Schema | null> {
  if (!address) return null;
  try {
    const answer = await fetch(address);
    return answer.ok ? (await answer.json()) as Schema : null;
  } catch {
    return null;
  }
}

export interface Option {
  readonly label: string;
  readonly type: string;
  readonly detail?: string;
  readonly apply?: string;
  readonly boost?: number;
}

export const KEYWORDS = (
  "SELECT DISTINCT REDUCED CONSTRUCT ASK DESCRIBE WHERE FROM NAMED PREFIX BASE OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES AS " +
  "ORDER BY ASC DESC LIMIT OFFSET GROUP HAVING COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT EXISTS NOT IN UNDEF BOUND IF COALESCE " +
  "STR LANG LANGMATCHES DATATYPE IRI STRLEN SUBSTR UCASE LCASE STRSTARTS STRENDS CONTAINS REGEX REPLACE CONCAT YEAR MONTH DAY NOW isIRI isLiteral isBlank"
).split(" ");

const MOST = 60;

/** Folded for comparison: accents and case do not matter to who types. */
export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The name of a row in the reader's language. */
export const nameOf = (row: Row, lang: string): string => (lang === "fr" ? row[3] ?? row[2] : row[2]);

/** Prefixes that a query declares. */
export function declared(query: string): Set<string> {
  return new Set([...query.matchAll(/^\s*PREFIX\s+([\w-]*):\s*</gim)].map((match) => match[1] ?? ""));
}

/** Variables that a query names, without those that are being typed. */
export function variables(query: string, but = ""): string[] {
  const found = new Set([...query.matchAll(/[?$]([A-Za-z_]\w*)/g)].map((match) => match[1] as string));
  found.delete(but);
  return [...found].sort();
}

/** Whether a class is wanted after this text: after `a` or rdf:type, with what may stand between. */
export const wantsClass = (before: string): boolean => /(?:\sa|rdf:type)\s+(?:[\w:-]+\s*,\s*)*$/.test(` ${before}`);

/** Rank of a row for what was typed: its own name first, then names, then the middle of either; -1 does not fit. */
export function rank(row: Row, typed: string, lang: string): number {
  const [name, word] = [fold(row[0]), fold(nameOf(row, lang))];
  const local = name.slice(name.indexOf(":") + 1);
  const rest = typed.slice(typed.indexOf(":") + 1);
  if (typed.includes(":")) {
    if (!name.startsWith(typed.slice(0, typed.indexOf(":") + 1))) return -1;
    if (!rest) return 1;
  }
  if (local === rest || word === rest) return 4;
  if (local.startsWith(rest)) return 3;
  if (word.startsWith(rest) || word.split(/[\s’'-]+/).some((part) => part.startsWith(rest))) return 2;
  return rest.length > 2 && (local.includes(rest) || word.includes(rest) || fold(row[2]).includes(rest)) ? 1 : -1;
}

/** What can stand where `typed` is, after `before`. The best first, at most MOST of them. */
export function options(schema: Schema, before: string, typed: string, lang: string): Option[] {
  if (/PREFIX\s+[\w-]*:?$/i.test(before + typed)) {
    return Object.entries(schema.prefixes).map(([name, iri]) => ({ label: `${name}:`, type: "namespace", detail: iri, apply: `${name}: <${iri}>` }));
  }
  const asked = fold(typed);
  const found: Option[] = [];
  const lists: readonly [readonly Row[], string][] = wantsClass(before)
    ? [[schema.classes, "class"]]
    : [[schema.properties, "property"], [schema.things, "constant"], [schema.classes, "class"]];
  for (const [rows, type] of lists) {
    for (const row of rows) {
      const fit = rank(row, asked, lang);
      if (fit < 0) continue;
      const about = typeof row[1] === "number" ? row[1].toLocaleString(lang) : row[1];
      const weight = typeof row[1] === "number" ? Math.log10(row[1] + 1) : 0;
      found.push({ label: row[0], type, detail: `${nameOf(row, lang)} · ${about}`, boost: fit * 10 + weight });
    }
  }
  found.sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0) || (a.label < b.label ? -1 : 1));
  if (!typed.includes(":") && typed) {
    for (const word of KEYWORDS) if (fold(word).startsWith(asked)) found.unshift({ label: word, type: "keyword" });
  }
  return found.slice(0, MOST);
}

/** The PREFIX line that a name needs and the query has not got; empty where there is nothing to add. */
export function missingPrefix(schema: Schema, query: string, name: string): string {
  const prefix = name.slice(0, name.indexOf(":"));
  const iri = name.includes(":") ? schema.prefixes[prefix] : undefined;
  return iri && !declared(query).has(prefix) ? `PREFIX ${prefix}: <${iri}>\n` : "";
}
