// Draws the shape of each kind of node with a border of ink, from a distance function: sharp at every zoom.
import { NodeProgram } from "sigma/rendering";
import type { ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import type { Line, Mark } from "../drawn";

export const SHAPES = ["circle", "hexagon", "square", "diamond", "document", "pill", "disc", "fold"] as const;
export type ShapeName = (typeof SHAPES)[number];

const UNIFORMS = ["u_matrix", "u_sizeRatio", "u_correctionRatio"] as const;

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_border;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_stroke;
attribute float a_angle;

uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;

varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_radius;
varying float v_shape;
varying float v_stroke;

const float bias = 255.0 / 254.0;

void main() {
  float pixel = 2.0 * u_correctionRatio / u_sizeRatio;
  // the triangle around a circle that holds the widest shape and its border
  float reach = 2.0 * (a_size * 1.35 + a_stroke + 1.0);
  vec2 corner = reach * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + corner * pixel, 1)).xy, 0, 1);
  v_at = corner;
  v_radius = a_size;
  v_shape = a_shape;
  v_stroke = a_stroke;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
  v_border = a_border;
  v_border.a *= bias;
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_radius;
varying float v_shape;
varying float v_stroke;

float outline(vec2 p, float r) {
  vec2 q = abs(p);
  if (v_shape < 0.5 || v_shape > 5.5) return length(p) - r;
  if (v_shape < 1.5) return max(q.y, q.x * 0.8660254 + q.y * 0.5) - r * 1.1 * 0.8660254;
  if (v_shape < 2.5) return max(q.x, q.y) - r;
  if (v_shape < 3.5) return (q.x + q.y - 1.2 * r) * 0.7071068;
  if (v_shape < 4.5) {
    float sheet = max(q.x - 0.8 * r, q.y - r);
    return max(sheet, dot(p - vec2(0.8, 0.5) * r, vec2(0.7433, 0.669)));
  }
  return length(vec2(max(q.x - 0.7 * r, 0.0), q.y)) - 0.72 * r;
}

void main() {
  float d = outline(v_at, v_radius);
  #ifdef PICKING_MODE
  gl_FragColor = d > v_stroke + 2.0 ? vec4(0.0) : v_color;
  #else
  float inside = 1.0 - clamp(d - v_stroke * 0.5 + 0.5, 0.0, 1.0);
  float edge = clamp(d + v_stroke * 0.5 + 0.5, 0.0, 1.0);
  if (v_shape > 6.5) {
    // a folded group has a broken border
    edge *= step(0.0, sin(atan(v_at.y, v_at.x) * 11.0) + 0.35);
  }
  vec4 color = mix(v_color, v_border, edge);
  float a = color.a * inside;
  gl_FragColor = vec4(color.rgb * a, a);
  #endif
}`;

export interface MarkData extends NodeDisplayData {
  shape: ShapeName;
  border: string;
  stroke: number;
}

export class ShapeProgram extends NodeProgram<(typeof UNIFORMS)[number], Mark, Line> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_stroke", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_border", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
    };
  }

  processVisibleItem(index: number, start: number, data: MarkData): void {
    const array = this.array;
    let at = start;
    const shape = SHAPES.indexOf(data.shape);
    for (const value of [
      data.x, data.y, data.size, shape, data.stroke, floatColor(data.color), floatColor(data.border), index,
    ]) {
      array[at] = value;
      at += 1;
    }
  }

  setUniforms(params: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniformMatrix3fv(uniformLocations["u_matrix"] ?? null, false, params.matrix);
    gl.uniform1f(uniformLocations["u_sizeRatio"] ?? null, params.sizeRatio);
    gl.uniform1f(uniformLocations["u_correctionRatio"] ?? null, params.correctionRatio);
  }
}
