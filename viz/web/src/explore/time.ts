// The day of the view: a slider by years, a field for the exact day, and a button that plays the years.

const FIRST = 1900;
/** Milliseconds that a year stays on the screen while playing. */
const YEAR = 420;

export class Time {
  private timer = 0;

  constructor(
    private readonly slider: HTMLInputElement,
    private readonly field: HTMLInputElement,
    private readonly play: HTMLButtonElement,
    now: HTMLButtonElement,
    private readonly today: string,
    private readonly words: { play: string; stop: string },
    private readonly changed: (day: string | null, playing: boolean) => Promise<void>,
  ) {
    slider.min = String(FIRST);
    slider.max = today.slice(0, 4);
    slider.addEventListener("input", () => {
      this.stop();
      void this.go(Number(slider.value));
    });
    field.addEventListener("change", () => {
      this.stop();
      const day = field.value;
      if (!day || /^\d{4}-\d{2}-\d{2}$/.test(day)) void this.changed(day && day < this.today ? day : null, false);
    });
    play.hidden = false;
    now.addEventListener("click", () => {
      this.stop();
      void this.go(Number(slider.max));
    });
    play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
  }

  /** Shows a day without telling anybody. */
  show(day: string | null): void {
    const now = day ?? this.today;
    this.slider.value = now.slice(0, 4);
    this.slider.setAttribute("aria-valuetext", now);
    this.field.value = now;
  }

  stop(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.play.textContent = this.words.play;
    this.play.setAttribute("aria-pressed", "false");
  }

  private start(): void {
    this.play.textContent = this.words.stop;
    this.play.setAttribute("aria-pressed", "true");
    const last = Number(this.slider.max);
    let year = Number(this.slider.value) >= last ? 1945 : Number(this.slider.value);
    const next = async (): Promise<void> => {
      year += 1;
      const mine = this.timer;
      await this.go(year, true);
      if (this.timer !== mine) return;
      if (year >= last) this.stop();
      else this.timer = window.setTimeout(() => void next(), YEAR);
    };
    this.timer = window.setTimeout(() => void next(), 0);
  }

  /** A year on the slider is its first of January; the last one is today. */
  private go(year: number, playing = false): Promise<void> {
    const day = year >= Number(this.slider.max) ? null : `${year}-01-01`;
    this.show(day);
    return this.changed(day, playing);
  }
}
