// A state's commitments, and signatures that nothing followed, counted again in the browser of a copy.
import { timeline, type Track } from "./charts";
import { html, type Html } from "./html";
import { day, moment, written } from "./say";
import type { Sheet } from "./sheet";
import { NARROW, WIDE } from "./treaties";

/** What a state signed and is bound by, as a table and a timeline. */
export function state(sheet: Sheet, on: string): void {
  const { found, of, lang } = sheet;
  const who = found.tables.participants.find((one) => one.id === of);
  if (!who) return;
  const rows: { row: Html; track: Track }[] = [];
  for (const treaty of found.tables.treaties) {
    const cell = found.cell(treaty.id, of, on);
    if (cell.status === "none") continue;
    const text = sheet.cellText(cell, who, treaty.short);
    const key = `${treaty.id} ${of}`;
    const spans = (found.tables.periods[key] ?? []).filter(([, , start]) => start === null || start <= on)
      .map(([evidence, , start, , end]) => ({ start, end, name: text, address: sheet.doc(evidence) }));
    const points = (found.tables.signatures[key] ?? []).flatMap(([evidence, stated, when_]) =>
      when_ !== null && when_ <= on ? [{ day: when_, name: sheet.say("cell.signed", { who: who.name, treaty: treaty.short, when: moment(stated, lang) }), address: sheet.doc(evidence) }] : []);
    rows.push({
      row: html`<tr><td>${treaty.year ?? sheet.say("not-known")}</td><th scope="row"><a href="${sheet.page(`treaties/${treaty.id}`)}">${treaty.short}</a></th>${sheet.status(cell)}</tr>`,
      track: { label: treaty.short, spans, points },
    });
  }
  sheet.put(".lead", rows.length ? sheet.say("state.lead", { n: rows.length, day: day(on, lang) }) : sheet.say("state.none"));
  const body = sheet.part("tbody");
  if (body) body.innerHTML = html`${rows.map(({ row }) => row)}`.text;
  const figure = sheet.part("figure");
  const days = rows.flatMap(({ track }) => [...track.spans.map((one) => one.start), ...track.points.map((one) => one.day)]).filter((one) => one !== null).sort();
  if (!figure) return;
  figure.hidden = !days[0];
  if (!days[0]) return;
  const desc = sheet.say("state.desc", { n: rows.length, day: day(on, lang) });
  const title = sheet.say("state.title", { who: who.name });
  for (const [box, width, prefix] of [[".for-wide", WIDE, "commitments"], [".for-narrow", NARROW, "commitments-narrow"]] as const) {
    const place = figure.querySelector(box);
    if (place) place.innerHTML = timeline(rows.map(({ track }) => track), `${days[0].slice(0, 4)}-01-01`, on, { title, desc, width, lang, prefix });
  }
  const caption = figure.querySelector("figcaption");
  if (caption) caption.textContent = desc;
}

/** Signatures that nothing followed, by treaty. */
export function signedOnly(sheet: Sheet, on: string): void {
  const every = sheet.found.signedOnly(on);
  const n = every.reduce((sum, [, rows]) => sum + rows.length, 0);
  sheet.put(".lead", sheet.say(n ? "signed-only.lead" : "signed-only.none", { n, day: day(on, sheet.lang) }));
  for (const one of sheet.box.querySelectorAll("h2, .scroll")) one.remove();
  const tables = every.map(([treaty, rows]) => html`<h2><a href="${sheet.page(`treaties/${treaty.id}`)}">${treaty.short}</a></h2><div class="scroll" tabindex="0" role="region" aria-label="${treaty.short}"><table><thead><tr><th scope="col">${sheet.say("signed-only.who")}</th><th scope="col">${sheet.say("signed-only.when")}</th></tr></thead><tbody>${rows.map(([who, cell]) => html`<tr><th scope="row">${sheet.named(who)}</th><td class="date"><a href="${sheet.doc(cell.evidence)}">${written(cell.since, sheet.lang)}</a></td></tr>`)}</tbody></table></div>`);
  sheet.box.insertAdjacentHTML("beforeend", html`${tables}`.text);
}
