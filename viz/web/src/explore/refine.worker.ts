// Refines positions off the main thread: Fruchterman and Reingold's springs from where everything stands, cooling to
// rest. Deterministic: no random number, so the same picture is refined to the same picture.
interface Task { xy: Float32Array; pairs: Uint32Array }

const STEPS = 120;

function refine({ xy, pairs }: Task, report: (xy: Float32Array, done: boolean) => void): void {
  const count = xy.length / 2;
  if (count < 2) return report(xy, true);
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let one = 0; one < count; one += 1) {
    const [x, y] = [xy[one * 2] as number, xy[one * 2 + 1] as number];
    [left, right, low, high] = [Math.min(left, x), Math.max(right, x), Math.min(low, y), Math.max(high, y)];
  }
  const ideal = 0.8 * Math.sqrt(Math.max(1, (right - left) * (high - low)) / count);
  // beyond a few thousand nodes, pushes are felt only from those near in a grid
  const cell = ideal * 3;
  const force = new Float32Array(xy.length);
  for (let step = 0; step < STEPS; step += 1) {
    force.fill(0);
    const grid = new Map<number, number[]>();
    const key = (x: number, y: number): number => Math.floor(x / cell) * 73_856_093 + Math.floor(y / cell) * 19_349_663;
    for (let one = 0; one < count; one += 1) {
      const at = key(xy[one * 2] as number, xy[one * 2 + 1] as number);
      const there = grid.get(at);
      if (there) there.push(one);
      else grid.set(at, [one]);
    }
    for (let one = 0; one < count; one += 1) {
      const [x, y] = [xy[one * 2] as number, xy[one * 2 + 1] as number];
      for (let dx = -1; dx <= 1; dx += 1) {
        for (let dy = -1; dy <= 1; dy += 1) {
          for (const other of grid.get(key(x + dx * cell, y + dy * cell)) ?? []) {
            if (other === one) continue;
            const ax = x - (xy[other * 2] as number);
            const ay = y - (xy[other * 2 + 1] as number);
            const squared = Math.max(1, ax * ax + ay * ay);
            force[one * 2] = (force[one * 2] as number) + (ax * ideal * ideal) / squared;
            force[one * 2 + 1] = (force[one * 2 + 1] as number) + (ay * ideal * ideal) / squared;
          }
        }
      }
    }
    for (let at = 0; at < pairs.length; at += 2) {
      const [a, b] = [(pairs[at] as number) * 2, (pairs[at + 1] as number) * 2];
      const dx = (xy[a] as number) - (xy[b] as number);
      const dy = (xy[a + 1] as number) - (xy[b + 1] as number);
      const pull = (Math.hypot(dx, dy) / ideal) * 0.2;
      force[a] = (force[a] as number) - dx * pull;
      force[a + 1] = (force[a + 1] as number) - dy * pull;
      force[b] = (force[b] as number) + dx * pull;
      force[b + 1] = (force[b + 1] as number) + dy * pull;
    }
    const heat = ideal * 0.25 * (1 - step / STEPS);
    for (let one = 0; one < count; one += 1) {
      const [fx, fy] = [force[one * 2] as number, force[one * 2 + 1] as number];
      const length = Math.max(1e-6, Math.hypot(fx, fy));
      const move = Math.min(length, heat) / length;
      xy[one * 2] = (xy[one * 2] as number) + fx * move;
      xy[one * 2 + 1] = (xy[one * 2 + 1] as number) + fy * move;
    }
    if (step % 6 === 5) report(xy.slice(), step === STEPS - 1);
  }
}

self.addEventListener("message", (event: MessageEvent<Task>) => {
  refine(event.data, (xy, done) => self.postMessage({ xy, done }));
});
