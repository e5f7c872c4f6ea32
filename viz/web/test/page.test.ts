import { expect, test } from "vitest";
import { steps } from "../src/page/play";
import { compare, type Cell } from "../src/page/sort";
import { cookie, current } from "../src/page/theme";

const collator = new Intl.Collator("fr", { numeric: true });
const text = (value: string): Cell => ({ value, numeric: false });
const number = (value: string): Cell => ({ value, numeric: true });

test("accents do not send a name to the end", () => {
  const names = ["Suède", "Écosse", "France", "Espagne"].map(text);
  names.sort((a, b) => compare(a, b, "ascending", collator));
  expect(names.map((name) => name.value)).toEqual(["Écosse", "Espagne", "France", "Suède"]);
});

test("numbers are compared as numbers", () => {
  expect(compare(number("9"), number("10"), "ascending", collator)).toBeLessThan(0);
  expect(compare(number("-1.5"), number("-1"), "ascending", collator)).toBeLessThan(0);
});

test.each(["ascending", "descending"] as const)("what is not known goes last (%s)", (direction) => {
  expect(compare(text(""), text("2002-10-29"), direction, collator)).toBeGreaterThan(0);
  expect(compare(text("2002-10-29"), text(""), direction, collator)).toBeLessThan(0);
});

test("a choice of theme overrules the system's", () => {
  const root = (theme?: string): HTMLElement => ({ dataset: theme ? { theme } : {} }) as unknown as HTMLElement;
  expect(current(root(), true)).toBe("dark");
  expect(current(root("light"), true)).toBe("light");
  expect(current(root("purple"), false)).toBe("light");
  expect(cookie("dark")).toContain("theme=dark; Path=/;");
});

test("years that play: every year of a server, the linked ones of a copy", () => {
  const links = [{ year: 2004, href: "b" }, { year: 1990, href: "a" }];
  const every = steps(2002, 2004, "http://x/treaties?lang=fr", links, false);
  expect(every.map((one) => one.href)).toEqual([
    ...[2002, 2003].map((year) => `http://x/treaties?lang=fr&as_of=${year}-12-31`), "http://x/treaties?lang=fr",
  ]);
  expect(steps(1904, 2026, "http://x/", links, true)).toEqual([{ year: 1990, href: "a" }, { year: 2004, href: "b" }]);
});
