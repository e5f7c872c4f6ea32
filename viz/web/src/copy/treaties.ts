// The matrix of states and treaties and the page of a treaty, counted again in the browser of a copy: twins of
// api/routes/treaties.py.
import { growth } from "./charts";
import { html, when } from "./html";
import { day } from "./say";
import type { Sheet } from "./sheet";

const FIRST = "palermo-protocol";
export const WIDE = 760;
export const NARROW = 340;

/** The sentence that counts: twin of `counted` in api/treaties.py. */
function counted(sheet: Sheet, treaty: string, on: string): string {
  const count = sheet.found.count(treaty, on);
  const values = { day: day(on, sheet.lang), treaty: sheet.found.treaty(treaty)?.inside ?? treaty };
  let said = sheet.say("counted.states", { ...values, n: count.states });
  if (count.organisations) said += sheet.say("counted.organisations", { n: count.organisations });
  said += sheet.say("counted.verb", { ...values, n: count.bound });
  for (const [key, n] of [["unknown", count.unknown], ["signed", count.signed], ["left", count.left]] as const) if (n) said += ` ${sheet.say(`counted.${key}`, { n })}`;
  return said;
}

/** States and territories by treaties on a day, and how many each treaty binds. */
export function matrix(sheet: Sheet, on: string): void {
  const { found } = sheet;
  const { signs } = found.tables;
  const asked = { region: sheet.get("region"), members: sheet.get("members"), which: sheet.get("which"), sort: sheet.get("sort"), on };
  const columns = found.columns(asked.which);
  const groups = found.matrix(asked);
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const heading = sheet.say("treaties.matrix", { day: day(on, sheet.lang) });
  sheet.put(".lead", counted(sheet, FIRST, on));
  const scroll = sheet.part(".scroll.tall");
  scroll?.setAttribute("aria-label", heading);
  const head = columns.map((one) => html`<th scope="col"><a href="${sheet.page(`treaties/${one.id}`)}">${one.short}</a>${one.partial ? "*" : ""} <small>${one.year ?? ""}</small></th>`);
  const bodies = groups.map((group) => html`<tbody>${when(group.name, () => html`<tr class="group"><th scope="rowgroup" colspan="${columns.length + 2}">${group.name}</th></tr>`)}${group.rows.map((row) => {
    const cells = row.cells.map((cell, at) => {
      const said = sheet.cellText(cell, row.who, columns[at]?.short ?? "");
      const inner = cell.evidence ? html`<a href="${sheet.doc(cell.evidence)}" title="${said}" aria-label="${said}">${signs[cell.status]}</a>` : html`<span title="${said}">${signs[cell.status]}</span>`;
      return html`<td class="sign ${cell.status}">${inner}</td>`;
    });
    return html`<tr><th scope="row">${sheet.named(row.who)}</th>${cells}<td class="number">${row.bound}</td></tr>`;
  })}</tbody>`);
  const table = sheet.part("table.matrix");
  if (table) {
    table.innerHTML = html`<caption>${heading} <span class="quiet">· ${sheet.say("treaties.rows", { n: rows })}</span></caption><thead><tr><th scope="col">${sheet.say("treaties.state")}</th>${head}<th scope="col" class="number">${sheet.say("treaties.number")}</th></tr></thead>${bodies}`.text;
  }
  const counts = found.tables.treaties.map((one) => {
    const count = found.count(one.id, on);
    return html`<tr><td>${one.year ?? sheet.say("not-known")}</td><th scope="row"><a href="${sheet.page(`treaties/${one.id}`)}">${one.short}</a>${one.partial ? "*" : ""}</th>${[count.states, count.organisations, count.unknown, count.signed, count.left].map((n) => html`<td class="number">${n}</td>`)}</tr>`;
  });
  const body = sheet.part(".scroll:not(.tall) tbody");
  if (body) body.innerHTML = html`${counts}`.text;
  orders(sheet);
}

/** The choices of order follow the treaties that are shown. */
function orders(sheet: Sheet): void {
  const field = sheet.part<HTMLSelectElement>("select[name=sort]");
  if (!field) return;
  const kept = [...field.options].filter((one) => ["", "name", "bound"].includes(one.value));
  const columns = sheet.found.columns(sheet.get("which")).map((one) => new Option(sheet.say("filter.by-treaty", { treaty: one.short }), one.id));
  field.replaceChildren(...kept, ...columns);
}

/** One treaty on a day: the sentence that counts, the map, the growth of its parties, and who they are. */
export function treaty(sheet: Sheet, on: string): void {
  const { found, of, lang } = sheet;
  const treaty = found.treaty(of);
  if (!treaty) return;
  const said = counted(sheet, of, on);
  sheet.put(".lead", said);
  const map = sheet.part("figure.map");
  const [heading] = sheet.box.querySelectorAll("h2");
  if (heading) heading.textContent = sheet.say("map.heading", { day: day(on, lang) });
  if (map) colour(sheet, map, on, said);
  const steps = found.growth(of);
  const drawn = map?.parentElement?.querySelector("figure:not(.map)");
  if (drawn && steps.length) grown(sheet, drawn, steps, on);
  const rows = found.column(of, on).map(([who, cell]) => html`<tr><th scope="row">${sheet.named(who)}</th>${sheet.status(cell)}</tr>`);
  const bodies = sheet.box.querySelectorAll("tbody");
  const last = bodies[bodies.length - 1];
  if (last) last.innerHTML = html`${rows}`.text;
}

function colour(sheet: Sheet, figure: Element, on: string, said: string): void {
  const { found, of } = sheet;
  const treaty = found.treaty(of);
  const title = figure.querySelector("svg > title");
  if (title) title.textContent = sheet.say("map.title", { treaty: treaty?.short ?? of, day: day(on, sheet.lang) });
  const desc = figure.querySelector("svg > desc");
  if (desc) desc.textContent = said;
  const by = new Map(found.tables.participants.filter((one) => one.numeric).map((one) => [one.numeric, one]));
  for (const area of figure.querySelectorAll<SVGElement>("[data-area]")) {
    const who = by.get(area.dataset["area"] ?? "");
    if (!who) continue;
    const cell = found.cell(of, who.id, on);
    area.setAttribute("fill", cell.status === "unknown" ? "url(#map-hatch)" : found.tables.fills[cell.status]);
    area.toggleAttribute("hidden", false);
    sheet.link(area, cell.evidence ? sheet.doc(cell.evidence) : "", sheet.cellText(cell, who, treaty?.short ?? of));
  }
}

function grown(sheet: Sheet, figure: Element, steps: readonly [string, number][], on: string): void {
  const { of, lang } = sheet;
  const before = steps.filter(([when_]) => when_ <= on);
  const n = before.at(-1)?.[1] ?? 0;
  const title = sheet.say("growth.title", { treaty: sheet.found.treaty(of)?.inside ?? of });
  const desc = sheet.say("growth.desc", { n, first: day(steps[0]?.[0] ?? on, lang), day: day(on, lang) });
  const label = sheet.say("growth.label", { n });
  for (const [box, width, prefix] of [[".for-wide", WIDE, "growth"], [".for-narrow", NARROW, "growth-narrow"]] as const) {
    const place = figure.querySelector(box);
    if (place) place.innerHTML = growth(steps, on, label, { title, desc, width, lang, prefix });
  }
  const body = figure.querySelector("tbody");
  if (body) body.innerHTML = html`${before.map(([when_, value]) => html`<tr><td>${day(when_, lang)}</td><td class="number">${value}</td></tr>`)}`.text;
}
