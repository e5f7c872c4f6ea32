// People in office on a day and projects of a place or somebody, counted again in the browser of a copy.
import { day } from "./say";
import type { Sheet } from "./sheet";

/** Who is in office on the day: the rows stand, their last cells change. */
export function people(sheet: Sheet, on: string): void {
  const terms = Object.values(sheet.found.tables.offices).flatMap((several) => several.map((one) => ({ one, several })));
  const head = sheet.part("thead th:last-child");
  if (head) head.textContent = sheet.say("people.on-day", { day: day(on, sheet.lang) });
  // the first row of each office is its heading
  [...sheet.box.querySelectorAll("tbody tr:has(td)")].forEach((row, at) => {
    const term = terms[at];
    const cell = row.querySelector("td:last-child");
    if (!term || !cell) return;
    const [, holder, start, end] = term.one;
    const gone = end !== null && end <= on;
    const begun = start !== null && start <= on;
    const succeeded = end === null && term.several.some(([, other, since]) => other !== holder && since !== null && (start ?? "") < since && since <= on);
    const key = gone || (start !== null && !begun) ? "" : start === null ? "maybe" : succeeded ? "succeeded" : "now";
    cell.textContent = key ? `${key === "now" ? "●" : "?"} ${sheet.say(`people.${key}`)}` : "";
  });
}

/** The projects of a place and somebody. */
export function shown(sheet: Sheet): string[] {
  const { projects } = sheet.found.tables;
  const [place, by] = [sheet.get("place"), sheet.get("by")];
  return projects.order.filter((one) => (!place || projects.places[place]?.includes(one)) && (!by || projects.by[by]?.includes(one)));
}

/** Projects of a place and somebody: the list keeps those, the map counts them. */
export function projects(sheet: Sheet): void {
  const { projects } = sheet.found.tables;
  const chosen = shown(sheet);
  const lead = sheet.part(".lead");
  if (lead) lead.textContent = `${sheet.say("projects.lead", { n: chosen.length })} ${sheet.say("projects.no-sum")}`;
  const items = [...sheet.box.querySelectorAll<HTMLElement>("ul.projects > li")];
  items.forEach((item, at) => (item.hidden = !chosen.includes(projects.order[at] ?? "")));
  let none = sheet.part(".none-here");
  if (!none) {
    none = document.createElement("p");
    none.className = "none-here";
    none.textContent = sheet.say("none-here");
    sheet.part("ul.projects")?.before(none);
  }
  none.hidden = chosen.length > 0;
  const many = new Map<string, number>();
  for (const one of chosen) for (const state of projects.countries[one] ?? []) many.set(state, (many.get(state) ?? 0) + 1);
  const of = new Map(Object.entries(projects.numbers).map(([state, numeric]) => [numeric, state]));
  for (const area of sheet.box.querySelectorAll<SVGElement>("figure.map [data-area]")) {
    const state = of.get(area.dataset["area"] ?? "");
    if (state === undefined) continue;
    const n = many.get(state) ?? 0;
    const shade = [...projects.shades].reverse().find(([least]) => n >= least)?.[1];
    area.setAttribute("fill", shade ?? "#DEDBD3");
    if (area.tagName === "circle") area.style.display = n ? "" : "none";
    const name = n ? sheet.say("projects.area", { n, who: projects.names[state] ?? state }) : projects.names[state] ?? state;
    sheet.link(area, n ? `${sheet.file()}?place=${state}` : "", name);
  }
  const desc = sheet.say("projects.map-desc", { n: many.size });
  const told = sheet.part("figure.map svg > desc");
  if (told) told.textContent = desc;
  const caption = sheet.part("figure.map figcaption");
  if (caption) caption.textContent = `${desc} ${sheet.say("map.rule")}`;
}
