// The explorer of a copy made of files: views that were precomputed, and every other one made in the browser from the
// copy's network. `data-copy` on the root element is the way from a page to the copy's own directory; `data-only` names
// the things whose pages and views a copy of a few things holds.
import type { Answer, Asked } from "../copy/views";
import type { Lang } from "../copy/say";
import { but, format, type State } from "./state";

export type { Answer };

/** The way to the copy's directory, null on a server. */
export const COPY: string | null = document.documentElement.dataset["copy"] ?? null;
/** The explorer's page as links and the history name it. */
export const PAGE = COPY === null ? "/explore" : "explore.html";

const ONLY = document.documentElement.dataset["only"]?.split(" ") ?? null;
/** A longer name has no file: as api/archive/addresses.py. */
const LONGEST = 140;

const views = (): Promise<typeof import("../copy/views")> => import("../copy/views");

/** The name of a precomputed view: twin of `key` in api/archive/addresses.py. */
export function key(state: State): string {
  const drawn = but(state, { sel: "", asof: null, lang: null, view: "graph", pin: [], families: [], kinds: [], hide: [], layout: "map", with: [] });
  const text = format(drawn).replaceAll("&", ",").replaceAll(":", ".").replace(/[^A-Za-z0-9=_.,/@-]/g, ".");
  return text || "home";
}

/** Whether a state may have a file: one or several focuses with at most one group opened, as of today, nothing left out. */
export function filed(state: State): boolean {
  if (state.show === "whole") return true;
  if (state.show !== "around" || state.open.length > 1) return false;
  if (state.asof || state.families.length || state.kinds.length || state.hide.length || state.with.length || state.pin.length) return false;
  if (state.layout !== "map" || key(state).length >= LONGEST) return false;
  return ONLY === null || state.focus.every((one) => ONLY.includes(one));
}

async function read(address: string, signal: AbortSignal): Promise<string | null> {
  const answer = await fetch(address, { signal });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

/** What the page of a statement or a thing says, for the side panel; its links lead where they led. */
async function told(sel: string, root: string, lang: string, signal: AbortSignal): Promise<HTMLElement | null> {
  const ends = sel.includes("/") ? sel.split("/").slice(1) : [sel];
  if (ONLY !== null && !(sel.includes("/") ? [ends[0], ends.at(sel.startsWith("relation/") ? -1 : 1)] : ends).every((one) => ONLY.includes(one ?? ""))) return null;
  const address = new URL(`${root}${lang === "en" ? "" : `${lang}/`}doc/${sel}.html`, document.baseURI);
  const text = await read(address.href, signal);
  if (text === null) return null;
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const link of page.querySelectorAll("a[href]")) link.setAttribute("href", new URL(link.getAttribute("href") ?? "", address).href);
  const out = document.createElement("div");
  const title = document.createElement("h2");
  title.append(...(page.querySelector("h1")?.childNodes ?? []));
  const more = document.createElement("p");
  more.className = "permalink";
  const link = document.createElement("a");
  link.href = address.href;
  link.textContent = `https://w3id.org/palermo/id/${sel}`;
  more.append(link);
  const parts = page.querySelectorAll("main > .kind, main > .lead, main > section[aria-labelledby=sources], main > section[aria-labelledby=how], main > section[aria-labelledby=relations]");
  out.append(...[...parts].filter((one) => one.matches(".kind")), title, ...[...parts].filter((one) => !one.matches(".kind")), more);
  for (const one of out.querySelectorAll("[id]")) one.removeAttribute("id");
  // the panel is as narrow as a phone: no margin for sources, no opening paragraph in large type
  for (const one of out.querySelectorAll(".lead, .with-margin")) one.removeAttribute("class");
  return out;
}

/** The side panel about what is selected: what its page says, with what the explorer can do with it. */
async function panel(asked: Asked, signal: AbortSignal): Promise<string> {
  const [page, made] = await Promise.all([told(asked.state.sel, asked.root, asked.lang, signal), views().then((one) => one.panel(asked))]);
  if (page === null) return made.known.replace("</h2>", `</h2>${made.actions}`);
  page.querySelector("h2")?.insertAdjacentHTML("afterend", made.actions);
  return page.innerHTML;
}

/** What a request of the explorer is, for the copy. */
export function asked(state: State, lang: string, today: string, sized: string): Asked {
  const [wide, high] = sized.split("x").map(Number);
  return { state, lang: lang as Lang, today, size: [wide || 1000, high || 700], root: COPY ?? "", page: PAGE };
}

/** The answer for a state: from the copy's files where it has one, else made here. */
export async function answer(of: Asked, signal: AbortSignal): Promise<Answer> {
  const { state } = of;
  const found = filed(state) ? await read(`${of.root}explore/view/${of.lang}/${key(state)}.json`, signal) : null;
  const made = found === null ? await (await views()).answer(of) : await fitted(JSON.parse(found) as Answer, of);
  return state.sel ? { ...made, parts: { ...made.parts, "panel-part": await panel(of, signal) } } : made;
}

/** A precomputed view on the drawing at hand; the whole network as of the day asked for. */
async function fitted(found: Answer, of: Asked): Promise<Answer> {
  const { state } = of;
  if (state.show !== "whole") return { ...found, scene: (await views()).place(found.scene, state, of.size) };
  if (!state.asof && !state.families.length) return found;
  const { scene, caption } = await (await views()).whole(of, found.scene);
  return { ...found, scene, parts: { ...found.parts, "caption-part": caption } };
}

/** Has the browser keep a file of the view that is shown. */
export async function take(what: string, scene: Answer["scene"], of: Asked): Promise<void> {
  await (await views()).take(what, scene, of);
}
