// What the graph that sigma draws holds for each mark and each line: all derived from a scene.
import type { ShapeName } from "./programs/node";

export interface Mark {
  x: number; y: number; size: number; type: string; color: string; border: string; stroke: number; shape: ShapeName;
  label: string; text: string; name: string; weight: 400 | 600; slanted: boolean; ink: string; rank: number;
  zIndex: number; fold: boolean;
}

export interface Line {
  size: number; type: string; color: string; base: string; alpha: number; dash: readonly number[]; bend: number;
  label: string; zIndex: number; sign: "?" | "half" | "";
}
