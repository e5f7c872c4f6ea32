// Search as you type: a combobox after the WAI-ARIA pattern. What is typed goes to the server, which forgives accents,
// abbreviations and slips; an answer is a name, what it is and who that is.

export interface Hit { readonly id: string; readonly label: string; readonly kind: string; readonly who: string }

export class Search {
  private hits: readonly Hit[] = [];
  private at = -1;
  private asked = 0;
  private timer = 0;
  private readonly list: HTMLUListElement;
  private readonly said: HTMLElement | null;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly ask: (text: string, signal: AbortSignal) => Promise<readonly Hit[]>,
    private readonly chosen: (hit: Hit) => void,
    private readonly words: { none: string; some: string },
  ) {
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-list`;
    this.list.className = "hits";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
    this.list.hidden = true;
    input.after(this.list);
    this.said = document.querySelector("#said");
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off",
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.look(), 120);
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (item) this.choose(Number(item.dataset["at"]));
    });
  }

  private async look(): Promise<void> {
    const text = this.input.value.trim();
    this.asked += 1;
    const mine = this.asked;
    if (text.length < 2) return this.close();
    const stop = new AbortController();
    const limit = window.setTimeout(() => stop.abort(), 5000);
    try {
      const hits = await this.ask(text, stop.signal);
      if (mine !== this.asked) return;
      this.hits = hits;
      this.draw();
    } catch {
      this.close();
    } finally {
      window.clearTimeout(limit);
    }
  }

  private draw(): void {
    this.at = this.hits.length ? 0 : -1;
    this.list.replaceChildren(
      ...this.hits.map((hit, at) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${at}`;
        item.setAttribute("role", "option");
        item.dataset["at"] = String(at);
        const name = document.createElement("strong");
        name.textContent = hit.label;
        const who = document.createElement("span");
        who.textContent = hit.who ? `${hit.kind} · ${hit.who}` : hit.kind;
        item.append(name, who);
        return item;
      }),
    );
    if (!this.hits.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = this.words.none;
      this.list.append(none);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (this.said) this.said.textContent = this.hits.length ? this.words.some.replace("{n}", String(this.hits.length)) : this.words.none;
    this.mark();
  }

  private mark(): void {
    [...this.list.querySelectorAll<HTMLElement>("[role=option]")].forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === this.at));
      if (at === this.at) item.scrollIntoView({ block: "nearest" });
    });
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") return this.close();
    if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.at >= 0) this.choose(this.at);
      else void this.look();
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || !this.hits.length || this.list.hidden) return;
    event.preventDefault();
    this.at = (this.at + step + this.hits.length) % this.hits.length;
    this.mark();
  }

  private choose(at: number): void {
    const hit = this.hits[at];
    if (!hit) return;
    this.close();
    this.chosen(hit);
  }

  private close(): void {
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
