// A query drawn as a network: the answer of a SELECT with the shape of an edge, or of a CONSTRUCT. The query runs at the
// public endpoint under the limits of any stranger's; names, kinds and families come from the whole network's columns.
import type { Schema } from "../query/complete";
import { namesOf, ofResults, ofTriples, sceneOf, type Results, type Triple } from "./edges";
import { loadLetters } from "./labels";
import type { Scene } from "./scene";
import { Stage } from "./stage";
import type { Packed } from "./whole";

/** More than this is no picture; the first so many are drawn, and the page says so. */
const MOST = 5000;

export interface Said {
  readonly empty: string;
  readonly beyond: string;
  readonly drawn: string;
  readonly shape: string;
}

export class Drawing {
  private stage: Stage | null = null;

  /** `schema` gives the release's names of properties, null where there are none. */
  constructor(
    private readonly box: HTMLElement, private readonly said: Said, private readonly schema: () => Promise<Schema | null>,
  ) {
    window.addEventListener("pagehide", () => this.stage?.kill());
  }

  /** Ask a query (the fields of the endpoint's form) and draw it. The scene that is drawn; its caption says how much. */
  async draw(asked: URLSearchParams, signal?: AbortSignal): Promise<Scene> {
    const answer = await fetch("/sparql", {
      method: "POST", body: asked, signal: signal ?? null,
      headers: { Accept: "application/sparql-results+json, application/n-triples;q=0.9, application/problem+json;q=0.1" },
    });
    const type = answer.headers.get("content-type") ?? "";
    if (!answer.ok) throw new Error(((await answer.json()) as { detail?: string }).detail ?? answer.statusText);
    const triples = type.startsWith("application/n-triples") ? ofTriples(await answer.text()) : ofResults(await answer.json() as Results);
    if (!triples) throw new Error(this.said.shape);
    const packed = (await (await fetch("/explore/whole.json", { signal: signal ?? null })).json()) as Packed;
    return this.show(triples, packed, await this.schema());
  }

  private async show(triples: readonly Triple[], packed: Packed, schema: Schema | null): Promise<Scene> {
    const drawn = triples.slice(0, MOST);
    const lang = document.documentElement.lang;
    const nodes = new Set(drawn.flatMap(({ subject, object }) => [subject, object])).size;
    const say = (text: string): string =>
      text.replace("{edges}", triples.length.toLocaleString(lang)).replace("{nodes}", nodes.toLocaleString(lang)).replace("{most}", MOST.toLocaleString(lang));
    const caption = say(!triples.length ? this.said.empty : triples.length > MOST ? this.said.beyond : this.said.drawn);
    const scene = sceneOf(drawn, packed, lang, caption, namesOf(schema, lang));
    if (!drawn.length) return scene;
    const box = this.box;
    box.hidden = false;
    box.setAttribute("aria-label", caption);
    await loadLetters();
    this.stage ??= Stage.open(box, {
      select: (id) => { if (packed.nodes.id.includes(id)) location.href = `/explore?focus=${id}`; },
      open: () => undefined, unfold: () => undefined, pin: () => undefined, clear: () => undefined, point: () => undefined,
    });
    Object.assign(box, { stage: this.stage });
    box.hidden = !this.stage;
    if (!this.stage) return scene;
    this.stage.show(scene, false);
    const worker = new Worker(new URL("./refine.worker.ts", import.meta.url), { type: "module" });
    const { ids, xy, pairs } = this.stage.positions();
    worker.addEventListener("message", (event: MessageEvent<{ xy: Float32Array; done: boolean }>) => {
      this.stage?.move(ids, event.data.xy);
      if (event.data.done) {
        worker.terminate();
        this.stage?.frameAll();
      }
    });
    worker.postMessage({ xy, pairs });
    return scene;
  }
}
