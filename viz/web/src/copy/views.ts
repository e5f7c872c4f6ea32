// Views of the explorer in a copy that nobody precomputed, and what any view can be taken away as. Loaded when needed.
import type { Scene } from "../explore/scene";
import { but, type State } from "../explore/state";
import { picture } from "./drawing";
import { bibtex, csl, gexf, graphml, jsonld, ris, save, table, text } from "./files";
import { make, type Reading, type Told } from "./made";
import { Network, type PackedNetwork } from "./network";
import { Parts, titles } from "./parts";
import { place } from "./place";
import { png } from "./raster";
import { day, fill, sentence, type Lang } from "./say";

export interface Answer { readonly scene: Scene; readonly parts: Readonly<Record<string, string>>; readonly title: string }
export interface Asked { readonly state: State; readonly lang: Lang; readonly today: string; readonly size: readonly [number, number]; readonly root: string; readonly page: string }

const kept = new Map<string, Promise<unknown>>();

/** A JSON file of the copy, read once; one that could not be read is asked for again. */
function once<T>(address: string): Promise<T> {
  let found = kept.get(address);
  if (!found) {
    found = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json() as Promise<unknown>;
    });
    found.catch(() => kept.delete(address));
    kept.set(address, found);
  }
  return found as Promise<T>;
}

let network: Promise<Network> | null = null;

async function reading({ root, lang, today }: Asked): Promise<Reading> {
  network ??= once<PackedNetwork>(`${root}explore/network.json`).then((packed) => new Network(packed));
  network.catch(() => (network = null));
  const [net, told] = await Promise.all([network, once<Told>(`${root}explore/network.${lang}.json`)]);
  return { net, told, lang, today };
}

/** Where the copy's explorer stands: what citations and links to a view begin with. */
function here(page: string): string {
  const address = new URL(page, document.baseURI);
  return address.origin === "null" ? address.href : address.origin + address.pathname;
}

async function parts(asked: Asked): Promise<Parts> {
  const { state, root, page } = asked;
  return new Parts({ state, reading: await reading(asked), root, page, here: here(page) });
}

/** The answer for a state that has no file. Raises an error that names an id which the release does not have. */
export async function answer(asked: Asked): Promise<Answer> {
  const { state, lang, root } = asked;
  const first = await once<Answer>(`${root}explore/view/${lang}/home.json`);
  const of = await reading(asked);
  const made = make(state, of, asked.size);
  const told = await parts(asked);
  const { scene } = made;
  return {
    scene,
    parts: {
      "filters-part": told.filters(first.parts["filters-part"] ?? "", scene),
      "caption-part": told.caption(scene).text,
      "panel-part": first.parts["panel-part"] ?? "",
      "story-part": told.story(made).text,
      "table-part": told.table(first.parts["table-part"] ?? "", made.lines),
      "share-part": told.share(first.parts["share-part"] ?? "", scene),
    },
    title: `${sentence(of.told.words.explorer, "title", {}, lang)}: ${scene.caption} · Palermo`,
  };
}

/** The caption of the whole network as of a day. */
export async function whole(asked: Asked, scene: Scene): Promise<{ scene: Scene; caption: string }> {
  const { net, told, lang, today } = await reading(asked);
  const { state } = asked;
  const on = state.asof ?? today;
  const tail = state.families.length ? [fill(told.words.caption["only"] ?? "", { families: state.families.map((one) => told.words.family[one].toLowerCase()).join(", ") }, lang)] : [];
  const said = `${[fill(told.words.caption["whole"] ?? "", { count: net.nodes.length, day: day(on, lang) }, lang), ...tail].join(lang === "fr" ? " ; " : "; ")}.`;
  const made = { ...scene, as_of: on, caption: said };
  return { scene: made, caption: (await parts(asked)).caption(made).text };
}

/** The actions of the panel about a node, and what the network says where the copy has no page. */
export async function panel(asked: Asked): Promise<{ actions: string; known: string }> {
  const told = await parts(asked);
  const { sel } = asked.state;
  return { actions: sel.includes("/") ? "" : told.actions(sel).text, known: told.known(sel).text };
}

/** A precomputed scene on the canvas at hand. */
export { place };

/** Has the browser keep a file of a view: `what` is its name on the server. */
export async function take(what: string, scene: Scene, asked: Asked): Promise<void> {
  const of = await reading(asked);
  const told = await parts(asked);
  const cited = told.citation(scene.caption);
  const name = `palermo.${what.slice(what.lastIndexOf(".") + 1)}`;
  // pictures are made for the nominal canvas, whatever the screen
  const drawn = (): string => picture(place(scene, but(asked.state, {}), [1000, 700]), told.sourceLine(), of.told.words);
  switch (what) {
    case "picture.svg": return save({ name, type: "image/svg+xml", body: drawn() });
    case "picture.png": return save({ name, type: "image/png", body: await png(drawn()) });
    case "data.csv": return save({ name, type: "text/csv;charset=utf-8", body: table(scene, (id) => titles(of, id)) });
    case "data.gexf": return save({ name, type: "application/gexf+xml", body: gexf(scene) });
    case "data.graphml": return save({ name, type: "application/graphml+xml", body: graphml(scene) });
    case "data.jsonld": return save({ name, type: "application/ld+json", body: jsonld(scene) });
    case "data.json": return save({ name, type: "application/json", body: JSON.stringify(scene) });
    case "cite.bib": return save({ name, type: "application/x-bibtex", body: bibtex(cited) });
    case "cite.ris": return save({ name, type: "application/x-research-info-systems", body: ris(cited) });
    case "cite.json": return save({ name, type: "application/vnd.citationstyles.csl+json", body: csl(cited) });
    case "cite.txt": return save({ name, type: "text/plain;charset=utf-8", body: `${text(cited)}\n` });
    default: throw new Error(what);
  }
}
