// Draw a query: the answer of a SELECT with the shape of an edge, or of a CONSTRUCT, as a network. The query runs at the
// public endpoint under the limits of any stranger's; names, kinds and families come from the whole network's columns.
import { ofResults, ofTriples, sceneOf, type Results, type Triple } from "./edges";
import { loadLetters } from "./labels";
import type { Scene } from "./scene";
import { canDraw, Stage } from "./stage";
import type { Packed } from "./whole";

/** More than this is no picture; the first so many are drawn, and the page says so. */
const MOST = 5000;
class Drawer {
  private stage: Stage | null = null;
  private readonly said: HTMLElement;

  constructor(private readonly root: HTMLElement) {
    this.said = root.querySelector("#draw-said") as HTMLElement;
    const form = root.querySelector("form") as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const query = (root.querySelector("#query") as HTMLTextAreaElement).value;
      history.replaceState(null, "", `/explore/draw?query=${encodeURIComponent(query)}`);
      void this.draw(query);
    });
    window.addEventListener("pagehide", () => this.stage?.kill());
    const given = (root.querySelector("#query") as HTMLTextAreaElement).value;
    if (new URLSearchParams(location.search).has("query") && given) void this.draw(given);
  }

  private word(name: string): string {
    return this.root.dataset[name] ?? name;
  }

  private async draw(query: string): Promise<void> {
    this.said.textContent = this.word("running");
    delete this.root.dataset["ready"];
    try {
      const answer = await fetch("/sparql", {
        method: "POST", body: new URLSearchParams({ query }),
        headers: { Accept: "application/sparql-results+json, application/n-triples;q=0.9, application/problem+json;q=0.1" },
      });
      const type = answer.headers.get("content-type") ?? "";
      if (!answer.ok) throw new Error(((await answer.json()) as { detail?: string }).detail ?? answer.statusText);
      const triples = type.startsWith("application/n-triples") ? ofTriples(await answer.text()) : ofResults(await answer.json() as Results);
      if (!triples) throw new Error(this.word("shape"));
      const packed = (await (await fetch("/explore/whole.json")).json()) as Packed;
      await this.show(triples, packed);
    } catch (error) {
      this.said.textContent = error instanceof Error ? error.message : String(error);
    }
    this.root.dataset["ready"] = "yes";
  }

  private async show(triples: readonly Triple[], packed: Packed): Promise<void> {
    const drawn = triples.slice(0, MOST);
    const lang = document.documentElement.lang;
    const nodes = new Set(drawn.flatMap(({ subject, object }) => [subject, object])).size;
    const say = (text: string): string =>
      text.replace("{edges}", triples.length.toLocaleString(lang)).replace("{nodes}", nodes.toLocaleString(lang)).replace("{most}", MOST.toLocaleString(lang));
    const caption = say(this.word(!triples.length ? "empty" : triples.length > MOST ? "beyond" : "drawn"));
    const scene = sceneOf(drawn, packed, lang, caption);
    this.said.textContent = caption;
    this.table(scene);
    if (!canDraw() || !drawn.length) return;
    const box = this.root.querySelector("#stage") as HTMLElement;
    box.hidden = false;
    box.setAttribute("aria-label", caption);
    await loadLetters();
    this.stage ??= new Stage(box, {
      select: (id) => { if (packed.nodes.id.includes(id)) location.href = `/explore?focus=${id}`; },
      open: () => undefined, unfold: () => undefined, pin: () => undefined, clear: () => undefined, point: () => undefined,
    });
    Object.assign(box, { stage: this.stage });
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
  }

  private table(scene: Scene): void {
    const name = new Map(scene.nodes.map((node) => [node.id, node.label]));
    const body = this.root.querySelector("tbody") as HTMLElement;
    body.replaceChildren(...scene.edges.map((edge) => {
      const row = document.createElement("tr");
      for (const text of [name.get(edge.source) ?? "", edge.label, name.get(edge.target) ?? ""]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        row.append(cell);
      }
      return row;
    }));
    (this.root.querySelector("table") as HTMLElement).hidden = !scene.edges.length;
  }
}

const page = document.querySelector<HTMLElement>("#draw");
if (page) new Drawer(page);
