// Which of several lines that lie close together is meant: the one whose course passes nearest to the pointer. Lines
// are pressed on within some pixels of their middle, so that where two are close the engine names the one drawn last.

export interface Point { readonly x: number; readonly y: number }

/** How far a point is from a course, given by points along it, in the unit of their coordinates. */
export function distance(to: Point, course: readonly Point[]): number {
  let least = Infinity;
  for (let n = 1; n < course.length; n++) {
    const [a, b] = [course[n - 1] as Point, course[n] as Point];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const share = Math.min(1, Math.max(0, ((to.x - a.x) * dx + (to.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(to.x - a.x - share * dx, to.y - a.y - share * dy));
  }
  return least;
}

/** The line whose course passes nearest to a point; `first` unless another is clearly nearer, by more than a pixel. */
export function nearest(to: Point, first: string, courses: ReadonlyMap<string, readonly Point[]>): string {
  let best = first;
  let least = distance(to, courses.get(first) ?? []) - 1;
  for (const [line, course] of courses) {
    const far = distance(to, course);
    if (far < least) [best, least] = [line, far];
  }
  return best;
}
