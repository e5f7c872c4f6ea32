// Pages of a copy that answer for any day and any filters together: treaties, a treaty, a state's treaties, what was signed
// and no more, projects, people in office. The page that was written when the copy was made stays what it is without
// scripts; with them its form comes back, and what it asks for is counted here, from atlas.{lang}.json.
import { growth, standalone, timeline, type Track } from "./charts";
import { Commitments, type Cell, type Participant, type Tables } from "./commitments";
import { csv, save, text as citation } from "./files";
import { html, Html, when } from "./html";
import { png } from "./raster";
import { day, moment, sentence, written, type Lang, type Values } from "./say";

const FIRST = "palermo-protocol";
const WIDE = 760;
const NARROW = 340;
const EARLIEST = "1904-01-01";
const PROJECT = ["project", "name", "start", "end", "countries", "implementers", "funders", "partners", "budget_eur"];
const COLUMNS = ["treaty", "participant", "name", "kind", "status", "since", "as_of", "evidence"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Shows a page as of another day. */
export type Show = (on: string) => void;

export async function startLive(page: Document): Promise<Show | null> {
  const box = page.querySelector<HTMLElement>("[data-live]");
  const root = page.documentElement.dataset["copy"];
  if (!box || root === undefined) return null;
  const lang = page.documentElement.lang === "fr" ? "fr" : "en";
  const answer = await fetch(`${root}atlas.${lang}.json`);
  if (!answer.ok) return null;
  const live = new Live(box, root, lang, new Commitments((await answer.json()) as Tables));
  live.start();
  return (on) => live.ask({ as_of: on });
}

class Live {
  private asked: Map<string, string>;
  private readonly today: string;
  private readonly kind: string;
  private readonly of: string;
  private readonly only: readonly string[] | null;
  private readonly title: string;

  constructor(private readonly box: HTMLElement, private readonly root: string, private readonly lang: Lang, private readonly found: Commitments) {
    this.kind = box.dataset["live"] ?? "";
    this.of = box.dataset["of"] ?? "";
    this.only = document.documentElement.dataset["only"]?.split(" ") ?? null;
    this.today = document.documentElement.dataset["today"] ?? "";
    this.title = box.querySelector("h1")?.textContent ?? "";
    this.asked = this.written();
  }

  /** What the page was written for: in its file's name, `treaties,region=africa.html`. */
  private written(): Map<string, string> {
    const name = decodeURIComponent(location.pathname.slice(location.pathname.lastIndexOf("/") + 1)).replace(/\.html$/, "");
    return new Map(name.split(",").slice(1).map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""]));
  }

  /** The file of this page without anything asked for. */
  private file(): string {
    const name = decodeURIComponent(location.pathname.slice(location.pathname.lastIndexOf("/") + 1));
    return name.includes(",") ? `${name.slice(0, name.indexOf(","))}.html` : name;
  }

  start(): void {
    this.forms();
    const query = new URLSearchParams(location.search);
    if ([...query.keys()].length) {
      this.asked = new Map([...query].filter(([name]) => name !== "lang"));
      this.draw();
    }
    window.addEventListener("popstate", () => location.reload());
  }

  /** Forms that files cannot answer come back; what they ask for is counted here. */
  private forms(): void {
    for (const one of this.box.querySelectorAll<HTMLTemplateElement>("template.live")) {
      const facets = one.previousElementSibling;
      if (facets?.matches(".facets, .no-script")) facets.remove();
      one.replaceWith(one.content);
    }
    this.box.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.matches(".filters, .asof-form")) return;
      event.preventDefault();
      const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      delete values["lang"];
      // the day has a form of its own
      if (form.matches(".filters")) delete values["as_of"];
      this.ask(values);
    });
    this.box.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>(".asof-form .years a");
      if (!link) return;
      event.preventDefault();
      this.ask({ as_of: link.dataset["year"] ? `${link.dataset["year"]}-12-31` : "" });
    });
    this.box.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLElement>("a[data-picture]");
      if (!link) return;
      event.preventDefault();
      void this.picture(link);
    });
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-rows]");
      if (!link) return;
      event.preventDefault();
      save({ name: `${this.of || this.kind}.csv`, type: "text/csv;charset=utf-8", body: csv(this.rows()) });
    });
  }

  /** Shows the page for what is asked in addition; an empty value takes something away. */
  ask(changes: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(changes)) {
      if (value) this.asked.set(name, value);
      else this.asked.delete(name);
    }
    const query = new URLSearchParams([...this.asked].sort(([a], [b]) => (a < b ? -1 : 1))).toString();
    const address = this.file() + (query ? `?${query}` : "");
    // a page that was written for something else holds less than the whole
    if (this.written().size) return location.assign(address);
    history.pushState(null, "", address);
    this.draw();
  }

  private get(name: string): string {
    return this.asked.get(name) ?? "";
  }

  /** The day that the page is about; a bare year is its last day. A value that is no day is said, and today shown. */
  private on(): string {
    const given = this.get("as_of");
    const value = /^\d{4}$/.test(given) ? `${given}-12-31` : given;
    if (!value) return this.today;
    const real = DAY.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().slice(0, 10) === value && value >= EARLIEST;
    if (real) return value;
    this.asked.delete("as_of");
    this.wrong(given);
    return this.today;
  }

  /** A value that is no day, said above the page. */
  private wrong(value: string): void {
    const note = document.createElement("p");
    note.className = "note";
    note.setAttribute("role", "alert");
    note.textContent = this.say("copies.day", { value: value.slice(0, 40) });
    this.part(".lead")?.before(note);
  }

  private say(key: string, values: Values = {}): string {
    return sentence(this.found.tables.words, key, values, this.lang);
  }

  private part<T extends Element = HTMLElement>(selector: string): T | null {
    return this.box.querySelector<T>(selector);
  }

  /** The address of another page of the copy, with the day that is asked about. */
  private page(path: string, dated = true): string {
    const [, what = "", state] = path.split("/");
    const named = state ?? what;
    if (this.only !== null && !this.only.includes(named) && named !== "signed-only" && what) return this.copies();
    const query = dated && this.asked.has("as_of") ? `?as_of=${this.on()}` : "";
    return `${this.root}${this.lang === "en" ? "" : "fr/"}${path}.html${query}`;
  }

  private copies(): string {
    return `${this.root}${this.lang === "en" ? "" : "fr/"}copies.html`;
  }

  private doc(path: string): string {
    const parts = path.split("/");
    const ends = parts.length === 1 ? parts : parts.slice(1, 3);
    if (this.only !== null && !ends.every((one) => this.only?.includes(one))) return this.copies();
    return `${this.root}${this.lang === "en" ? "" : "fr/"}doc/${path}.html`;
  }

  private draw(): void {
    const on = this.on();
    switch (this.kind) {
      case "matrix": this.matrix(on); break;
      case "treaty": this.treaty(on); break;
      case "treaty-state": this.state(on); break;
      case "signed-only": this.signedOnly(on); break;
      case "people": this.people(on); break;
      case "projects": this.projects(); break;
    }
    this.days(on);
    this.foot(on);
  }

  /** The fields say what is shown. */
  private days(on: string): void {
    const field = this.part<HTMLInputElement>(".asof-form input[type=date]");
    if (field) field.value = on;
    this.part(".asof-form")?.dispatchEvent(new CustomEvent("shown"));
    const asked = this.asked.has("as_of");
    for (const link of this.box.querySelectorAll<HTMLAnchorElement>(".asof-form .years a")) {
      const year = link.dataset["year"];
      const current = year ? asked && on === `${year}-12-31` : !asked;
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const field of this.box.querySelectorAll<HTMLSelectElement>(".filters select")) field.value = this.get(field.name);
  }

  /** Permalink, citation and data of what is shown. */
  private foot(on: string): void {
    const take = document.querySelector("main > .take");
    if (!take) return;
    const asked = new Map(this.asked);
    if (asked.has("as_of")) asked.set("as_of", on);
    const query = new URLSearchParams([...asked].sort(([a], [b]) => (a < b ? -1 : 1))).toString();
    const address = new URL(this.file() + (query ? `?${query}` : ""), location.href).href;
    const [first, cited] = take.querySelectorAll("p");
    const links = [...(first?.querySelectorAll("a") ?? [])];
    links.at(-1)?.setAttribute("href", address);
    if (links.length > 1 && this.kind !== "people") {
      links[0]?.setAttribute("href", "#");
      links[0]?.setAttribute("data-rows", "");
    }
    const label = cited?.querySelector("span");
    if (!cited || !label) return;
    const said = citation({ title: this.title, url: address, release: this.found.tables.release, day: this.today, lang: this.lang });
    cited.replaceChildren(label, ` ${said}`);
    this.pictures();
  }

  /** Files of a drawing are made from what is drawn now; a frame shows the drawing that was written and goes. */
  private pictures(): void {
    if (this.kind === "people") return;
    for (const one of this.box.querySelectorAll(".take-one")) {
      one.querySelector("details")?.remove();
      for (const link of one.querySelectorAll<HTMLAnchorElement>("a[href]")) {
        link.dataset["picture"] ??= link.getAttribute("href")?.endsWith(".png") ? "png" : "svg";
        link.setAttribute("href", "#");
      }
    }
  }

  private async picture(link: HTMLElement): Promise<void> {
    let before = link.closest(".take-one")?.previousElementSibling;
    while (before && !before.matches("figure")) before = before.previousElementSibling;
    const drawn = before?.querySelector<SVGSVGElement>(".for-wide svg") ?? before?.querySelector("svg");
    if (!drawn) return;
    const copy = drawn.cloneNode(true) as SVGSVGElement;
    const title = copy.querySelector(":scope > title")?.textContent ?? this.title;
    for (const one of copy.querySelectorAll(":scope > title, :scope > desc")) one.remove();
    for (const one of copy.querySelectorAll("a[href]")) one.setAttribute("href", new URL(one.getAttribute("href") ?? "", location.href).href);
    const inner = [...copy.childNodes].map((one) => new XMLSerializer().serializeToString(one).replaceAll(' xmlns="http://www.w3.org/2000/svg"', "")).join("");
    const { width, height } = drawn.viewBox.baseVal;
    const source = this.say("source-line", { release: this.found.tables.release, day: day(this.today, this.lang) });
    const body = standalone(inner, [width, height], title, source, this.lang);
    const name = `${this.of || this.kind}.${link.dataset["picture"] ?? "svg"}`;
    save(link.dataset["picture"] === "png" ? { name, type: "image/png", body: await png(body) } : { name, type: "image/svg+xml", body });
  }

  private cellText(cell: Cell, who: Participant, treaty: string): string {
    return this.say(`cell.${cell.status}`, { who: who.name, treaty, when: moment(cell.since, this.lang) });
  }

  private named(who: Participant): Html {
    const lang = who.lang ? new Html(` lang="${who.lang}"`) : "";
    return html`<a href="${this.page(`treaties/states/${who.id}`)}"${lang}>${who.name}</a>`;
  }

  /** The sentence that counts: twin of `counted` in api/treaties.py. */
  private counted(treaty: string, on: string): string {
    const count = this.found.count(treaty, on);
    const values = { day: day(on, this.lang), treaty: this.found.treaty(treaty)?.inside ?? treaty };
    let said = this.say("counted.states", { ...values, n: count.states });
    if (count.organisations) said += this.say("counted.organisations", { n: count.organisations });
    said += this.say("counted.verb", { ...values, n: count.bound });
    for (const [key, n] of [["unknown", count.unknown], ["signed", count.signed], ["left", count.left]] as const) if (n) said += ` ${this.say(`counted.${key}`, { n })}`;
    return said;
  }

  private put(selector: string, text: string): void {
    const part = this.part(selector);
    if (part) part.textContent = text;
  }

  private matrix(on: string): void {
    const { found } = this;
    const { signs } = found.tables;
    const asked = { region: this.get("region"), members: this.get("members"), which: this.get("which"), sort: this.get("sort"), on };
    const columns = found.columns(asked.which);
    const groups = found.matrix(asked);
    const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
    const heading = this.say("treaties.matrix", { day: day(on, this.lang) });
    this.put(".lead", this.counted(FIRST, on));
    const scroll = this.part(".scroll.tall");
    scroll?.setAttribute("aria-label", heading);
    const head = columns.map((one) => html`<th scope="col"><a href="${this.page(`treaties/${one.id}`)}">${one.short}</a>${one.partial ? "*" : ""} <small>${one.year ?? ""}</small></th>`);
    const bodies = groups.map((group) => html`<tbody>${when(group.name, () => html`<tr class="group"><th scope="rowgroup" colspan="${columns.length + 2}">${group.name}</th></tr>`)}${group.rows.map((row) => {
      const cells = row.cells.map((cell, at) => {
        const said = this.cellText(cell, row.who, columns[at]?.short ?? "");
        const inner = cell.evidence ? html`<a href="${this.doc(cell.evidence)}" title="${said}" aria-label="${said}">${signs[cell.status]}</a>` : html`<span title="${said}">${signs[cell.status]}</span>`;
        return html`<td class="sign ${cell.status}">${inner}</td>`;
      });
      return html`<tr><th scope="row">${this.named(row.who)}</th>${cells}<td class="number">${row.bound}</td></tr>`;
    })}</tbody>`);
    const table = this.part("table.matrix");
    if (table) {
      table.innerHTML = html`<caption>${heading} <span class="quiet">· ${this.say("treaties.rows", { n: rows })}</span></caption><thead><tr><th scope="col">${this.say("treaties.state")}</th>${head}<th scope="col" class="number">${this.say("treaties.number")}</th></tr></thead>${bodies}`.text;
    }
    const counts = found.tables.treaties.map((one) => {
      const count = found.count(one.id, on);
      return html`<tr><td>${one.year ?? this.say("not-known")}</td><th scope="row"><a href="${this.page(`treaties/${one.id}`)}">${one.short}</a>${one.partial ? "*" : ""}</th>${[count.states, count.organisations, count.unknown, count.signed, count.left].map((n) => html`<td class="number">${n}</td>`)}</tr>`;
    });
    const body = this.part(".scroll:not(.tall) tbody");
    if (body) body.innerHTML = html`${counts}`.text;
    this.columns();
  }

  /** The choices of order follow the treaties that are shown. */
  private columns(): void {
    const field = this.part<HTMLSelectElement>("select[name=sort]");
    if (!field) return;
    const kept = [...field.options].filter((one) => ["", "name", "bound"].includes(one.value));
    const columns = this.found.columns(this.get("which")).map((one) => new Option(this.say("filter.by-treaty", { treaty: one.short }), one.id));
    field.replaceChildren(...kept, ...columns);
  }

  private treaty(on: string): void {
    const { found, of, lang } = this;
    const treaty = found.treaty(of);
    if (!treaty) return;
    const said = this.counted(of, on);
    this.put(".lead", said);
    const map = this.part("figure.map");
    const [heading] = this.box.querySelectorAll("h2");
    if (heading) heading.textContent = this.say("map.heading", { day: day(on, lang) });
    if (map) this.map(map, on, said);
    const steps = found.growth(of);
    const drawn = map?.parentElement?.querySelector("figure:not(.map)");
    if (drawn && steps.length) this.grown(drawn, steps, on);
    const rows = found.column(of, on).map(([who, cell]) => html`<tr><th scope="row">${this.named(who)}</th>${this.status(cell)}</tr>`);
    const bodies = this.box.querySelectorAll("tbody");
    const last = bodies[bodies.length - 1];
    if (last) last.innerHTML = html`${rows}`.text;
  }

  private status(cell: Cell): Html {
    const since = written(cell.since, this.lang);
    return html`<td><span class="sign ${cell.status}" aria-hidden="true">${this.found.tables.signs[cell.status]}</span> ${this.say(`sign.${cell.status}`)}</td><td class="date"><a href="${this.doc(cell.evidence)}">${since}</a></td>`;
  }

  private map(figure: Element, on: string, said: string): void {
    const { found, of } = this;
    const treaty = found.treaty(of);
    const title = figure.querySelector("svg > title");
    if (title) title.textContent = this.say("map.title", { treaty: treaty?.short ?? of, day: day(on, this.lang) });
    const desc = figure.querySelector("svg > desc");
    if (desc) desc.textContent = said;
    const by = new Map(found.tables.participants.filter((one) => one.numeric).map((one) => [one.numeric, one]));
    for (const area of figure.querySelectorAll<SVGElement>("[data-area]")) {
      const who = by.get(area.dataset["area"] ?? "");
      if (!who) continue;
      const cell = found.cell(of, who.id, on);
      area.setAttribute("fill", cell.status === "unknown" ? "url(#map-hatch)" : found.tables.fills[cell.status]);
      area.toggleAttribute("hidden", false);
      this.link(area, cell.evidence ? this.doc(cell.evidence) : "", this.cellText(cell, who, treaty?.short ?? of));
    }
  }

  /** An area with its sentence, and a link where there is evidence. */
  private link(area: SVGElement, address: string, name: string): void {
    const parent = area.parentElement;
    if (!parent) return;
    const wrap = document.createElementNS("http://www.w3.org/2000/svg", address ? "a" : "g");
    if (address) {
      wrap.setAttribute("href", address);
      wrap.setAttribute("aria-label", name);
    }
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = name;
    const wrapped = parent.querySelector(":scope > title") && parent.tagName !== "svg";
    (wrapped ? parent : area).replaceWith(wrap);
    wrap.append(title, area);
  }

  private grown(figure: Element, steps: readonly [string, number][], on: string): void {
    const { of, lang } = this;
    const before = steps.filter(([when_]) => when_ <= on);
    const n = before.at(-1)?.[1] ?? 0;
    const title = this.say("growth.title", { treaty: this.found.treaty(of)?.inside ?? of });
    const desc = this.say("growth.desc", { n, first: day(steps[0]?.[0] ?? on, lang), day: day(on, lang) });
    const label = this.say("growth.label", { n });
    for (const [box, width, prefix] of [[".for-wide", WIDE, "growth"], [".for-narrow", NARROW, "growth-narrow"]] as const) {
      const place = figure.querySelector(box);
      if (place) place.innerHTML = growth(steps, on, label, { title, desc, width, lang, prefix });
    }
    const body = figure.querySelector("tbody");
    if (body) body.innerHTML = html`${before.map(([when_, value]) => html`<tr><td>${day(when_, lang)}</td><td class="number">${value}</td></tr>`)}`.text;
  }

  private state(on: string): void {
    const { found, of, lang } = this;
    const who = found.tables.participants.find((one) => one.id === of);
    if (!who) return;
    const rows: { row: Html; track: Track }[] = [];
    for (const treaty of found.tables.treaties) {
      const cell = found.cell(treaty.id, of, on);
      if (cell.status === "none") continue;
      const text = this.cellText(cell, who, treaty.short);
      const key = `${treaty.id} ${of}`;
      const spans = (found.tables.periods[key] ?? []).filter(([, , start]) => start === null || start <= on)
        .map(([evidence, , start, , end]) => ({ start, end, name: text, address: this.doc(evidence) }));
      const points = (found.tables.signatures[key] ?? []).flatMap(([evidence, stated, when_]) =>
        when_ !== null && when_ <= on ? [{ day: when_, name: this.say("cell.signed", { who: who.name, treaty: treaty.short, when: moment(stated, lang) }), address: this.doc(evidence) }] : []);
      rows.push({
        row: html`<tr><td>${treaty.year ?? this.say("not-known")}</td><th scope="row"><a href="${this.page(`treaties/${treaty.id}`)}">${treaty.short}</a></th>${this.status(cell)}</tr>`,
        track: { label: treaty.short, spans, points },
      });
    }
    this.put(".lead", rows.length ? this.say("state.lead", { n: rows.length, day: day(on, lang) }) : this.say("state.none"));
    const body = this.part("tbody");
    if (body) body.innerHTML = html`${rows.map(({ row }) => row)}`.text;
    const figure = this.part("figure");
    const days = rows.flatMap(({ track }) => [...track.spans.map((one) => one.start), ...track.points.map((one) => one.day)]).filter((one) => one !== null).sort();
    if (!figure) return;
    figure.hidden = !days[0];
    if (!days[0]) return;
    const desc = this.say("state.desc", { n: rows.length, day: day(on, lang) });
    const title = this.say("state.title", { who: who.name });
    for (const [box, width, prefix] of [[".for-wide", WIDE, "commitments"], [".for-narrow", NARROW, "commitments-narrow"]] as const) {
      const place = figure.querySelector(box);
      if (place) place.innerHTML = timeline(rows.map(({ track }) => track), `${days[0].slice(0, 4)}-01-01`, on, { title, desc, width, lang, prefix });
    }
    const caption = figure.querySelector("figcaption");
    if (caption) caption.textContent = desc;
  }

  private signedOnly(on: string): void {
    const every = this.found.signedOnly(on);
    const n = every.reduce((sum, [, rows]) => sum + rows.length, 0);
    this.put(".lead", this.say(n ? "signed-only.lead" : "signed-only.none", { n, day: day(on, this.lang) }));
    for (const one of this.box.querySelectorAll("h2, .scroll")) one.remove();
    const tables = every.map(([treaty, rows]) => html`<h2><a href="${this.page(`treaties/${treaty.id}`)}">${treaty.short}</a></h2><div class="scroll" tabindex="0" role="region" aria-label="${treaty.short}"><table><thead><tr><th scope="col">${this.say("signed-only.who")}</th><th scope="col">${this.say("signed-only.when")}</th></tr></thead><tbody>${rows.map(([who, cell]) => html`<tr><th scope="row">${this.named(who)}</th><td class="date"><a href="${this.doc(cell.evidence)}">${written(cell.since, this.lang)}</a></td></tr>`)}</tbody></table></div>`);
    this.box.insertAdjacentHTML("beforeend", html`${tables}`.text);
  }

  /** Who is in office on the day: the rows stand, their last cells change. */
  private people(on: string): void {
    const terms = Object.values(this.found.tables.offices).flatMap((several) => several.map((one) => ({ one, several })));
    const head = this.part("thead th:last-child");
    if (head) head.textContent = this.say("people.on-day", { day: day(on, this.lang) });
    [...this.box.querySelectorAll("tbody tr")].forEach((row, at) => {
      const term = terms[at];
      const cell = row.querySelector("td:last-child");
      if (!term || !cell) return;
      const [, holder, start, end] = term.one;
      const gone = end !== null && end <= on;
      const begun = start !== null && start <= on;
      const succeeded = end === null && term.several.some(([, other, since]) => other !== holder && since !== null && (start ?? "") < since && since <= on);
      const key = gone || (start !== null && !begun) ? "" : start === null ? "maybe" : succeeded ? "succeeded" : "now";
      cell.textContent = key ? `${key === "now" ? "●" : "?"} ${this.say(`people.${key}`)}` : "";
    });
  }

  /** The projects of a place and somebody. */
  private shown(): string[] {
    const { projects } = this.found.tables;
    const [place, by] = [this.get("place"), this.get("by")];
    return projects.order.filter((one) => (!place || projects.places[place]?.includes(one)) && (!by || projects.by[by]?.includes(one)));
  }

  /** Projects of a place and somebody: the list keeps those, the map counts them. */
  private projects(): void {
    const { projects } = this.found.tables;
    const shown = this.shown();
    const lead = this.part(".lead");
    if (lead) lead.textContent = `${this.say("projects.lead", { n: shown.length })} ${this.say("projects.no-sum")}`;
    const items = [...this.box.querySelectorAll<HTMLElement>("ul.projects > li")];
    items.forEach((item, at) => (item.hidden = !shown.includes(projects.order[at] ?? "")));
    let none = this.part(".none-here");
    if (!none) {
      none = document.createElement("p");
      none.className = "none-here";
      none.textContent = this.say("none-here");
      this.part("ul.projects")?.before(none);
    }
    none.hidden = shown.length > 0;
    const many = new Map<string, number>();
    for (const one of shown) for (const state of projects.countries[one] ?? []) many.set(state, (many.get(state) ?? 0) + 1);
    const of = new Map(Object.entries(projects.numbers).map(([state, numeric]) => [numeric, state]));
    for (const area of this.box.querySelectorAll<SVGElement>("figure.map [data-area]")) {
      const state = of.get(area.dataset["area"] ?? "");
      if (state === undefined) continue;
      const n = many.get(state) ?? 0;
      const shade = [...projects.shades].reverse().find(([least]) => n >= least)?.[1];
      area.setAttribute("fill", shade ?? "#DEDBD3");
      if (area.tagName === "circle") area.style.display = n ? "" : "none";
      const name = n ? this.say("projects.area", { n, who: projects.names[state] ?? state }) : projects.names[state] ?? state;
      this.link(area, n ? `${this.file()}?place=${state}` : "", name);
    }
    const desc = this.say("projects.map-desc", { n: many.size });
    const told = this.part("figure.map svg > desc");
    if (told) told.textContent = desc;
    const caption = this.part("figure.map figcaption");
    if (caption) caption.textContent = `${desc} ${this.say("map.rule")}`;
  }

  /** The rows of the file that the page offers. */
  private rows(): string[][] {
    const { found } = this;
    const on = this.on();
    const row = (treaty: string, who: Participant, cell: Cell): string[] => [treaty, who.id, who.name, who.kind, cell.status, cell.since ?? "", on, cell.evidence];
    switch (this.kind) {
      case "matrix": {
        const [region, members] = [this.get("region"), this.get("members")];
        return [COLUMNS, ...found.columns(this.get("which")).flatMap((one) => found.column(one.id, on)
          .filter(([who]) => (!region || who.continent === region) && (!members || (found.tables.members[members] ?? []).includes(who.id)))
          .map(([who, cell]) => row(one.id, who, cell)))];
      }
      case "treaty": return [COLUMNS, ...found.column(this.of, on).map(([who, cell]) => row(this.of, who, cell))];
      case "signed-only": return [COLUMNS, ...found.signedOnly(on).flatMap(([one, rows]) => rows.map(([who, cell]) => row(one.id, who, cell)))];
      case "treaty-state": {
        const who = found.tables.participants.find((one) => one.id === this.of);
        return [COLUMNS, ...(who ? found.tables.treaties.map((one) => row(one.id, who, found.cell(one.id, who.id, on))).filter((one) => one[4] !== "none") : [])];
      }
      default: return [PROJECT, ...this.shown().map((one) => [...(found.tables.projects.rows[one] ?? [])])];
    }
  }
}
