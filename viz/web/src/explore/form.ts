// The form beside the drawing: what is searched for, which families and kinds are shown, the layout, the two ends of a
// path, the two or three that are compared. It follows the state, also when a link or undo has changed it.
import type { Scene } from "./scene";
import { Search, type Hit } from "./search";
import type { State } from "./state";

export interface Asks {
  go(changes: Partial<State>): void;
  find(text: string, signal: AbortSignal): Promise<readonly Hit[]>;
  word(name: string): string;
}

/** What a new view forgets of the old one. */
const ANEW = { with: [], open: [], hide: [], pin: [], sel: "" } as const;

export class Form {
  private readonly ends: Readonly<Record<"path" | "compare", readonly HTMLInputElement[]>>;

  constructor(private readonly form: HTMLFormElement, private readonly asks: Asks) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.changed(event.target as HTMLInputElement));
    const find = this.input("find");
    this.search(find, (hit) => {
      find.value = "";
      asks.go({ ...ANEW, show: "around", focus: [hit.id], sel: hit.id });
    });
    this.ends = {
      path: ["path-from", "path-to"].map((id) => this.input(id)),
      compare: ["compare-from", "compare-to", "compare-third"].map((id) => this.input(id)),
    };
    for (const show of ["path", "compare"] as const) {
      for (const input of this.ends[show]) {
        input.addEventListener("input", () => delete input.dataset["id"]);
        this.search(input, (hit) => {
          input.value = hit.label;
          input.dataset["id"] = hit.id;
          this.ready(show);
        });
      }
    }
    const third = this.input("compare-third");
    third.addEventListener("input", () => {
      if (!third.value.trim()) this.ready("compare");
    });
  }

  /** Puts every field as the state says. */
  show(state: State, scene: Scene): void {
    for (const name of ["families", "kinds"] as const) {
      const chosen = state[name] as readonly string[];
      for (const input of this.form.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
        input.checked = !chosen.length || chosen.includes(input.value);
      }
    }
    for (const show of ["path", "compare"] as const) {
      if (state.show !== show) continue;
      this.ends[show].forEach((input, at) => {
        const id = state.focus[at];
        input.value = scene.nodes.find((node) => node.id === id)?.name ?? "";
        if (id) input.dataset["id"] = id;
        else delete input.dataset["id"];
      });
    }
  }

  private input(id: string): HTMLInputElement {
    const found = this.form.querySelector<HTMLInputElement>(`#${id}`);
    if (!found) throw new Error(`the form has no #${id}`);
    return found;
  }

  private search(input: HTMLInputElement, chosen: (hit: Hit) => void): void {
    const words = { none: this.asks.word("nobody"), some: this.asks.word("found") };
    new Search(input, (text, signal) => this.asks.find(text, signal), chosen, words);
  }

  private changed({ name, value }: HTMLInputElement): void {
    if (name === "layout") this.asks.go({ layout: value === "rings" ? "rings" : "map" });
    if (name !== "families" && name !== "kinds") return;
    const values = [...this.form.querySelectorAll<HTMLInputElement>(`input[name=${name}]:checked`)].map((one) => one.value);
    this.asks.go({ [name]: values } as Partial<State>);
  }

  /** Goes to the path or comparison once enough different names have been chosen. */
  private ready(show: "path" | "compare"): void {
    const named = this.ends[show].map((input) => input.dataset["id"] ?? "").filter((id) => id);
    const unfinished = this.ends[show].some((input) => input.value.trim() && !input.dataset["id"]);
    if (named.length >= 2 && new Set(named).size === named.length && !unfinished) this.asks.go({ ...ANEW, show, focus: named });
  }
}
