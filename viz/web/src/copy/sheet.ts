// A page of a copy that answers for any day and any filters together: what it was written for, what is asked of it now, and
// how its parts are said, found and linked.
import type { Cell, Commitments, Participant } from "./commitments";
import { html, Html } from "./html";
import { moment, sentence, written, type Lang, type Values } from "./say";

const EARLIEST = "1904-01-01";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A page of a copy, what it is about, what is asked of it, and how its parts are said and linked. */
export class Sheet {
  asked: Map<string, string>;
  readonly today: string;
  readonly kind: string;
  readonly of: string;
  readonly only: readonly string[] | null;
  readonly title: string;

  constructor(readonly box: HTMLElement, readonly root: string, readonly lang: Lang, readonly found: Commitments) {
    this.kind = box.dataset["live"] ?? "";
    this.of = box.dataset["of"] ?? "";
    this.only = document.documentElement.dataset["only"]?.split(" ") ?? null;
    this.today = document.documentElement.dataset["today"] ?? "";
    this.title = box.querySelector("h1")?.textContent ?? "";
    this.asked = this.written();
  }

  /** What the page was written for: in its file's name, `treaties,region=africa.html`. */
  written(): Map<string, string> {
    const name = decodeURIComponent(location.pathname.slice(location.pathname.lastIndexOf("/") + 1)).replace(/\.html$/, "");
    return new Map(name.split(",").slice(1).map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""]));
  }

  /** The file of this page without anything asked for. */
  file(): string {
    const name = decodeURIComponent(location.pathname.slice(location.pathname.lastIndexOf("/") + 1));
    return name.includes(",") ? `${name.slice(0, name.indexOf(","))}.html` : name;
  }
  get(name: string): string {
    return this.asked.get(name) ?? "";
  }

  /** The day that the page is about; a bare year is its last day. A value that is no day is said, and today shown. */
  on(): string {
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
  wrong(value: string): void {
    const note = document.createElement("p");
    note.className = "note";
    note.setAttribute("role", "alert");
    note.textContent = this.say("copies.day", { value: value.slice(0, 40) });
    this.part(".lead")?.before(note);
  }

  say(key: string, values: Values = {}): string {
    return sentence(this.found.tables.words, key, values, this.lang);
  }

  part<T extends Element = HTMLElement>(selector: string): T | null {
    return this.box.querySelector<T>(selector);
  }

  /** The address of another page of the copy, with the day that is asked about. */
  page(path: string, dated = true): string {
    const [, what = "", state] = path.split("/");
    const named = state ?? what;
    if (this.only !== null && !this.only.includes(named) && named !== "signed-only" && what) return this.copies();
    const query = dated && this.asked.has("as_of") ? `?as_of=${this.on()}` : "";
    return `${this.root}${this.lang === "en" ? "" : "fr/"}${path}.html${query}`;
  }

  copies(): string {
    return `${this.root}${this.lang === "en" ? "" : "fr/"}copies.html`;
  }

  doc(path: string): string {
    const parts = path.split("/");
    const ends = parts.length === 1 ? parts : parts.slice(1, 3);
    if (this.only !== null && !ends.every((one) => this.only?.includes(one))) return this.copies();
    return `${this.root}${this.lang === "en" ? "" : "fr/"}doc/${path}.html`;
  }

  cellText(cell: Cell, who: Participant, treaty: string): string {
    return this.say(`cell.${cell.status}`, { who: who.name, treaty, when: moment(cell.since, this.lang) });
  }

  named(who: Participant): Html {
    const lang = who.lang ? new Html(` lang="${who.lang}"`) : "";
    return html`<a href="${this.page(`treaties/states/${who.id}`)}"${lang}>${who.name}</a>`;
  }

  put(selector: string, text: string): void {
    const part = this.part(selector);
    if (part) part.textContent = text;
  }

  status(cell: Cell): Html {
    const since = written(cell.since, this.lang);
    return html`<td><span class="sign ${cell.status}" aria-hidden="true">${this.found.tables.signs[cell.status]}</span> ${this.say(`sign.${cell.status}`)}</td><td class="date"><a href="${this.doc(cell.evidence)}">${since}</a></td>`;
  }

  /** An area with its sentence, and a link where there is evidence. */
  link(area: SVGElement, address: string, name: string): void {
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
}
