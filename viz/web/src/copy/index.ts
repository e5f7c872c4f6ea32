/** What pages of a copy made of files do in the browser instead of the server: search by name, reports about a page. */
import { names, search } from "./find";
import type { Show } from "./live";

const MOST = 40;

/** Starts what a copy's page needs; returns how the page shows another day, null for one that does not or is no copy. */
export async function startCopy(page: Document): Promise<Show | null> {
  const root = page.documentElement.dataset["copy"];
  if (root === undefined) return null;
  const asked = new URLSearchParams(page.defaultView?.location.search ?? "");
  const hits = page.querySelector("#search-hits");
  if (hits) await show(page, hits, root, asked.get("q") ?? "");
  const about = asked.get("about");
  const report = page.querySelector<HTMLTextAreaElement>("#report-text");
  if (report && about && /^\/(doc|source)\/[A-Za-z0-9/_-]+$/.test(about)) {
    report.value = `https://w3id.org/palermo${about.replace("/doc/", "/id/")}\n\n${report.value}`;
  }
  return page.querySelector("[data-live]") ? (await import("./live")).startLive(page) : null;
}

async function show(page: Document, hits: Element, root: string, text: string): Promise<void> {
  const lang = page.documentElement.lang;
  const field = page.querySelector<HTMLInputElement>("main input[name=q]");
  if (field) field.value = text;
  const found = text.trim() ? search((await names(root, lang)).filter((one) => one.page), text, MOST) : [];
  hits.replaceChildren(
    ...found.map((one) => {
      const item = page.createElement("li");
      const link = page.createElement("a");
      link.href = `${root}${lang === "en" ? "" : `${lang}/`}doc/${one.id}.html`;
      link.textContent = one.label;
      const who = page.createElement("small");
      who.textContent = one.who ? `${one.kind} · ${one.who}` : one.kind;
      item.append(link, page.createElement("br"), who);
      return item;
    }),
  );
  const said = page.querySelector("#search-said");
  if (said) said.textContent = text.trim() && !found.length ? hits.getAttribute("data-none") ?? "" : String(found.length || "");
}
