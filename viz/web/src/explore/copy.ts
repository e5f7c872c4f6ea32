// The explorer of a copy made of files: views that were precomputed, and in the browser what changes them without
// another scene: the day, families, kinds, what is hidden, what is selected. `data-copy` on the root element is the
// way from a page to the copy's own directory.
import { standing } from "./asof";
import type { Scene, SceneEdge, SceneNode, Standing } from "./scene";
import { but, format, type Family, type Kind, type State } from "./state";

export interface Answer { readonly scene: Scene; readonly parts: Readonly<Record<string, string>>; readonly title: string }
export type Words = (name: string) => string;

/** The way to the copy's directory, null on a server. */
export const COPY: string | null = document.documentElement.dataset["copy"] ?? null;
/** The explorer's page as links and the history name it. */
export const PAGE = COPY === null ? "/explore" : "explore.html";

const ORDER: readonly Standing[] = ["valid", "unknown", "ended", "future"];

/** The name of a precomputed view: twin of `key` in api/archive/addresses.py. */
export function key(state: State): string {
  const drawn = but(state, { sel: "", asof: null, lang: null, view: "graph", pin: [], families: [], kinds: [], hide: [], layout: "map", with: [] });
  const text = format(drawn).replaceAll("&", ",").replaceAll(":", ".").replace(/[^A-Za-z0-9=_.,/@-]/g, ".");
  return text || "home";
}

/** A scene as a state shows it: what a family, a kind or a hand leaves out is gone, lines stand as they do that day. */
export function filtered(scene: Scene, state: State, today: string): Scene {
  const on = state.asof ?? today;
  const families = new Set<Family>(state.families);
  const kinds = new Set<Kind>(state.kinds);
  const kept = new Set(scene.nodes.filter((one) => one.focus || ((!kinds.size || kinds.has(one.kind)) && !state.hide.includes(one.id))).map((one) => one.id));
  const edges: SceneEdge[] = scene.edges
    .filter((one) => kept.has(one.source) && kept.has(one.target) && (!families.size || families.has(one.family)))
    .map((one) => ({ ...one, standing: standing(on, one.start, one.end) }));
  const best = new Map<string, Standing>();
  for (const edge of edges) {
    for (const end of [edge.source, edge.target]) {
      const before = best.get(end);
      if (before === undefined || ORDER.indexOf(edge.standing) < ORDER.indexOf(before)) best.set(end, edge.standing);
    }
  }
  const pins = new Map(state.pin.map((one) => [one.id, one]));
  const nodes: SceneNode[] = scene.nodes
    .filter((one) => kept.has(one.id) && (one.focus || best.has(one.id)))
    .map((one) => {
      const pin = pins.get(one.id);
      return { ...one, standing: one.focus ? "valid" : best.get(one.id) ?? "valid", pinned: !!pin, x: pin?.x ?? one.x, y: pin?.y ?? one.y };
    });
  const groups = scene.groups.filter((one) => kept.has(one.node) && (!families.size || families.has(one.family)) && (!kinds.size || kinds.has(one.kind)));
  return { ...scene, as_of: on, nodes, edges, groups };
}

/** Whether a state shows less than its precomputed view, or another day. */
function changed(state: State): boolean {
  return Boolean(state.asof || state.families.length || state.kinds.length || state.hide.length);
}

async function read(address: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

/** What the page of a statement or a thing says, for the side panel; its links lead where they led. */
async function told(sel: string, root: string, lang: string, signal: AbortSignal): Promise<string> {
  const address = new URL(`${root}${lang === "en" ? "" : `${lang}/`}doc/${sel}.html`, document.baseURI);
  let page: Document;
  try {
    page = new DOMParser().parseFromString(await read(address.href, signal), "text/html");
  } catch (error) {
    if (signal.aborted) throw error;
    return "";
  }
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
  return out.innerHTML;
}

/** The answer for a state, from the copy's files. */
export async function answer(state: State, lang: string, today: string, say: Words, signal: AbortSignal): Promise<Answer> {
  const root = COPY ?? "";
  const text = await read(`${root}explore/view/${lang}/${key(state)}.json`, signal);
  const found = JSON.parse(text) as Answer;
  const parts: Record<string, string> = { ...found.parts, "panel-part": state.sel ? await told(state.sel, root, lang, signal) : found.parts["panel-part"] ?? "" };
  if (!changed(state) || state.show === "whole") return { ...found, parts };
  const scene = filtered(found.scene, state, today);
  const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${scene.as_of}T00:00:00Z`));
  const caption = say("copy-caption").replace("{nodes}", String(scene.nodes.length)).replace("{edges}", String(scene.edges.filter((one) => one.leads).length)).replace("{day}", day);
  const said = document.createElement("p");
  said.className = "caption";
  said.id = "caption";
  said.textContent = caption;
  parts["caption-part"] = said.outerHTML;
  parts["table-part"] = rows(found.parts["table-part"] ?? "", scene, say);
  return { scene: { ...scene, caption }, parts, title: found.title };
}

/** The table with the rows of the lines that are drawn, each as it stands that day. */
function rows(text: string, scene: Scene, say: Words): string {
  const template = document.createElement("template");
  template.innerHTML = text;
  const lines = new Map(scene.edges.map((one) => [one.id, one]));
  for (const row of template.content.querySelectorAll<HTMLTableRowElement>("tbody tr")) {
    const link = row.cells[1]?.querySelector("a")?.getAttribute("href") ?? "";
    const edge = lines.get(new URLSearchParams(link.split("?")[1] ?? "").get("sel") ?? "");
    if (!edge) {
      row.remove();
      continue;
    }
    row.className = edge.standing;
    const cell = row.cells[4];
    if (cell) cell.textContent = say(`standing.${edge.standing}`);
  }
  return template.innerHTML;
}
