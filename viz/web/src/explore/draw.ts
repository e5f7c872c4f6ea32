// The page "Draw a query": its form, what is said about the drawing, and the table of what is drawn.
import { loaded, type Schema } from "../query/complete";
import { Drawing } from "./drawing";
import type { Scene } from "./scene";

class Drawer {
  private readonly said: HTMLElement;
  private readonly drawing: Drawing;
  private schema: Promise<Schema | null> | null = null;

  constructor(private readonly root: HTMLElement) {
    this.said = root.querySelector("#draw-said") as HTMLElement;
    this.drawing = new Drawing(root.querySelector("#stage") as HTMLElement, {
      empty: this.word("empty"), beyond: this.word("beyond"), drawn: this.word("drawn"), shape: this.word("shape"),
    }, () => (this.schema ??= loaded(root.dataset["schema"])));
    const form = root.querySelector("form") as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const query = (root.querySelector("#query") as HTMLTextAreaElement).value;
      history.replaceState(null, "", `/explore/draw?query=${encodeURIComponent(query)}`);
      void this.draw(query);
    });
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
      const scene = await this.drawing.draw(new URLSearchParams({ query }));
      this.said.textContent = scene.caption;
      this.table(scene);
    } catch (error) {
      this.said.textContent = error instanceof Error ? error.message : String(error);
    }
    this.root.dataset["ready"] = "yes";
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
