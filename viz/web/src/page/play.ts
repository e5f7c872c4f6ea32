/**
 * Years that play: below the day field of a page as of a day, a slider over the years and a button that lets them pass.
 * Each year is the page of its last day, asked of the server and put in the place of this one; the form stays. A copy
 * made of files counts each year by itself, or has the years that its links name. Who asks for less motion gets the slider alone.
 */
import type { Show } from "../copy/live";
import { startTables } from "./sort";

/** Milliseconds that a year stays before the next is asked for; a slower answer is waited for. */
const STAY = 450;

export interface Step { readonly year: number; readonly href: string }

/** Years in order up to the one that is not over, each with the address of its page: of every year where the server makes them, else of the links. */
export function steps(first: number, last: number, action: string, links: readonly Step[], made: boolean): readonly Step[] {
  if (made) return [...links].sort((a, b) => a.year - b.year);
  const address = new URL(action);
  return Array.from({ length: last - first + 1 }, (_, at) => {
    // the last year is not over: its page is that of today
    if (first + at === last) address.searchParams.delete("as_of");
    else address.searchParams.set("as_of", `${first + at}-12-31`);
    return { year: first + at, href: address.href };
  });
}

class Player {
  private readonly slider = document.createElement("input");
  private readonly button = document.createElement("button");
  private readonly shown = document.createElement("output");
  private every: readonly Step[];
  private playing = 0;
  private asked = 0;

  constructor(private readonly form: HTMLFormElement, private readonly other: Show | null) {
    const field = form.querySelector<HTMLInputElement>("input[type=date]");
    const links = [...form.querySelectorAll<HTMLAnchorElement>(".years a[data-year]")].map((one) => ({ year: Number(one.dataset["year"]), href: one.href }));
    const made = "copy" in document.documentElement.dataset && !other;
    const now = Number(form.dataset["today"]);
    this.every = steps(Number(form.dataset["first"]), now, location.href, links, made);
    if (this.every.length < 2) return;
    this.slider.type = "range";
    this.slider.min = "0";
    this.slider.max = String(this.every.length - 1);
    const follow = (): void => {
      const year = Number(field?.value.slice(0, 4) ?? now);
      this.slider.value = String(Math.max(0, this.every.filter((one) => one.year <= year).length - 1));
      this.say();
    };
    // a copy's page changes its day without being loaded again
    form.addEventListener("shown", follow);
    this.slider.setAttribute("aria-label", form.dataset["slide"] ?? "");
    this.shown.className = "year";
    this.button.type = "button";
    this.button.textContent = form.dataset["play"] ?? "";
    this.button.setAttribute("aria-pressed", "false");
    this.button.hidden = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.slider.addEventListener("input", () => {
      this.stop();
      void this.show(Number(this.slider.value), false);
    });
    this.button.addEventListener("click", () => (this.playing ? this.stop() : this.start()));
    const row = document.createElement("p");
    row.className = "play";
    row.append(this.slider, this.shown, this.button);
    form.append(row);
    follow();
  }

  private say(): void {
    const year = String(this.every[Number(this.slider.value)]?.year ?? "");
    this.shown.value = year;
    this.slider.setAttribute("aria-valuetext", year);
  }

  private start(): void {
    const last = this.every.length - 1;
    let at = Number(this.slider.value) >= last ? 0 : Number(this.slider.value);
    this.button.textContent = this.form.dataset["stop"] ?? "";
    this.button.setAttribute("aria-pressed", "true");
    const next = async (): Promise<void> => {
      const mine = this.playing;
      await this.show(at, true);
      if (this.playing !== mine || !mine) return;
      at += 1;
      if (at > last) this.stop();
      else this.playing = window.setTimeout(() => void next(), STAY);
    };
    this.playing = window.setTimeout(() => void next(), 0);
  }

  private stop(): void {
    window.clearTimeout(this.playing);
    this.playing = 0;
    this.button.textContent = this.form.dataset["play"] ?? "";
    this.button.setAttribute("aria-pressed", "false");
  }

  /** The page of a year in the place of this one. While playing, nothing is read out but the last year. */
  private async show(at: number, playing: boolean): Promise<void> {
    const step = this.every[at];
    if (!step) return;
    this.slider.value = String(at);
    this.say();
    if (this.other) return this.other(step.year === Number(this.form.dataset["today"]) ? "" : `${step.year}-12-31`);
    this.asked += 1;
    const mine = this.asked;
    const answer = await fetch(step.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== this.asked) return;
    const other = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== this.asked) return;
    const [here, there] = [this.form.parentElement, other.querySelector(".asof-form")?.parentElement];
    if (!here || !there) return;
    const scrolled = [...here.querySelectorAll(".scroll")].map((one) => one.scrollTop);
    const theirs = [...there.children];
    const place = theirs.findIndex((one) => one.classList.contains("asof-form"));
    for (const one of [...here.children]) if (one !== this.form) one.remove();
    this.form.before(...theirs.slice(0, place));
    this.form.after(...theirs.slice(place + 1));
    [...here.querySelectorAll(".scroll")].forEach((one, turn) => (one.scrollTop = scrolled[turn] ?? 0));
    here.querySelector(".lead")?.setAttribute("aria-live", playing ? "off" : "polite");
    const [take, taken] = [document.querySelector("main > .take"), other.querySelector("main > .take")];
    if (take && taken) take.replaceWith(taken);
    const field = this.form.querySelector<HTMLInputElement>("input[type=date]");
    const day = other.querySelector<HTMLInputElement>(".asof-form input[type=date]");
    if (field && day) field.value = day.value;
    const years = other.querySelector(".asof-form .years");
    if (years) this.form.querySelector(".years")?.replaceWith(years);
    startTables(document);
    history.replaceState(null, "", step.href);
  }
}

/** `other` shows the page as of another day without asking for it, where a copy counts by itself. */
export function startPlay(page: Document, other: Show | null = null): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form.asof-form[data-play]")) new Player(form, other);
}
