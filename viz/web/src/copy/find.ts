/**
 * Search in a copy made of files: the names of everything in one file per language, read when somebody first types.
 * Accents and case are forgiven, words match by their beginning, all of them have to; the best known come first.
 */
export interface Named { readonly id: string; readonly label: string; readonly kind: string; readonly who: string; readonly names: readonly string[]; readonly page: boolean }

/** Lower case without accents, words separated by one space: as graph/read/search.py folds. */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae").normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** How well a name fits folded words: 0 not at all, 1 by beginnings, 2 from its first word on, 3 wholly. */
function fit(name: string, words: readonly string[]): number {
  const own = fold(name).split(" ");
  if (own.join(" ") === words.join(" ")) return 3;
  if (!words.every((word) => own.some((one) => one.startsWith(word)))) return 0;
  return own[0]?.startsWith(words[0] ?? "") ? 2 : 1;
}

/** The best matches; `every` is in the order in which equal ones are shown. */
export function search(every: readonly Named[], text: string, most: number): readonly Named[] {
  const words = fold(text).split(" ").filter(Boolean);
  if (!words.length) return [];
  return every
    .map((one, at) => ({ one, at, score: Math.max(...one.names.map((name) => fit(name, words))) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, most)
    .map((found) => found.one);
}

const kept = new Map<string, Promise<readonly Named[]>>();

/** The names of a copy. */
export function names(root: string, lang: string): Promise<readonly Named[]> {
  let found = kept.get(lang);
  if (!found) {
    found = fetch(`${root}search.${lang}.json`).then((answer) => answer.json() as Promise<readonly Named[]>);
    kept.set(lang, found);
  }
  return found;
}
