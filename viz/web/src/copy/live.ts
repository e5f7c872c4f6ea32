// Pages of a copy that answer for any day and any filters together: treaties, a treaty, a state's treaties, what was signed
// and no more, projects, people in office. The page that was written when the copy was made stays what it is without
// scripts; with them its form comes back, and what it asks for is counted here, from atlas.{lang}.json.
import { standalone } from "./charts";
import { Commitments, type Tables } from "./commitments";
import { csv, save, text as citation } from "./files";
import { people, projects } from "./lists";
import { png } from "./raster";
import { rows } from "./rows";
import { day } from "./say";
import { Sheet } from "./sheet";
import { signedOnly, state } from "./states";
import { matrix, treaty } from "./treaties";

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

class Live extends Sheet {
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
      save({ name: `${this.of || this.kind}.csv`, type: "text/csv;charset=utf-8", body: csv(rows(this)) });
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

  private draw(): void {
    const on = this.on();
    switch (this.kind) {
      case "matrix": matrix(this, on); break;
      case "treaty": treaty(this, on); break;
      case "treaty-state": state(this, on); break;
      case "signed-only": signedOnly(this, on); break;
      case "people": people(this, on); break;
      case "projects": projects(this); break;
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
    const frame = take.querySelector<HTMLTextAreaElement>(".frame-page textarea");
    if (frame) frame.value = frame.value.replace(/src="[^"]*"/, () => `src="${address.replaceAll("&", "&amp;")}"`);
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
}
