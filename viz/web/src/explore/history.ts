// What was shown before and after: undo and redo over states, beside the browser's own history of addresses.

export class History {
  private past: string[] = [];
  private future: string[] = [];

  constructor(private now: string) {}

  /** A new state; what had been undone is forgotten. */
  push(query: string): void {
    if (query === this.now) return;
    this.past.push(this.now);
    this.now = query;
    this.future = [];
    if (this.past.length > 200) this.past.shift();
  }

  undo(): string | null {
    const before = this.past.pop();
    if (before === undefined) return null;
    this.future.push(this.now);
    this.now = before;
    return before;
  }

  redo(): string | null {
    const after = this.future.pop();
    if (after === undefined) return null;
    this.past.push(this.now);
    this.now = after;
    return after;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }
}
