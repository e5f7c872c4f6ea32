// The scene contract of viz/scene.py, as the front end reads it.
import type { Family, Kind } from "./state";

export type Standing = "valid" | "future" | "ended" | "unknown";

export interface SceneNode {
  readonly id: string; readonly kind: Kind; readonly type: string; readonly label: string; readonly name: string;
  readonly who: string; readonly degree: number; readonly x: number; readonly y: number;
  readonly focus: boolean; readonly pinned: boolean; readonly standing: Standing;
  /** Whether the label stands above the mark; the whole network, whose labels find their own place, says nothing. */
  readonly above?: boolean;
}

export interface SceneEdge {
  readonly id: string; readonly source: string; readonly target: string; readonly predicate: string;
  readonly family: Family; readonly kind: string; readonly label: string; readonly directed: boolean;
  readonly start: string | null; readonly end: string | null; readonly standing: Standing;
  readonly inferred: boolean; readonly link: string; readonly leads: boolean; readonly sources: number;
}

export interface SceneGroup {
  readonly id: string; readonly node: string; readonly family: Family; readonly kind: Kind;
  readonly count: number; readonly label: string; readonly x: number; readonly y: number; readonly above?: boolean;
}

export interface Scene {
  readonly version: number; readonly release: string; readonly date: string; readonly state: string;
  readonly lang: string; readonly as_of: string; readonly caption: string;
  readonly nodes: readonly SceneNode[]; readonly edges: readonly SceneEdge[]; readonly groups: readonly SceneGroup[];
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly width: number; readonly height: number;
  /** Left, top, right and bottom of all that is drawn; a scene that nobody placed pixel by pixel has none. */
  readonly bounds?: readonly [number, number, number, number];
}
