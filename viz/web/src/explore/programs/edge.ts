// Draws a line as a strip along a bend, dashed by its family: parallel lines are told apart, and a reader who sees no
// colours still sees which family a line is of. One pixel is 2 * u_correctionRatio / u_sizeRatio in sigma's units.
import { EdgeProgram } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import type { Line, Mark } from "../drawn";
import type { ProgramInfo } from "sigma/rendering";

const STEPS = 10;
const UNIFORMS = ["u_matrix", "u_sizeRatio", "u_correctionRatio"] as const;

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_start;
attribute vec2 a_end;
attribute float a_width;
attribute float a_bend;
attribute vec4 a_dash;
attribute float a_t;
attribute float a_side;

uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;

varying vec4 v_color;
varying vec4 v_dash;
varying float v_along;
varying float v_across;
varying float v_half;

const float bias = 255.0 / 254.0;

void main() {
  float pixel = 2.0 * u_correctionRatio / u_sizeRatio;
  vec2 chord = a_end - a_start;
  float len = max(length(chord), 1e-9);
  vec2 across = vec2(chord.y, -chord.x) / len;
  vec2 control = (a_start + a_end) * 0.5 + across * a_bend * pixel * 2.0;
  float s = 1.0 - a_t;
  vec2 position = s * s * a_start + 2.0 * s * a_t * control + a_t * a_t * a_end;
  vec2 tangent = 2.0 * s * (control - a_start) + 2.0 * a_t * (a_end - control);
  vec2 normal = vec2(-tangent.y, tangent.x) / max(length(tangent), 1e-9);
  float half_ = a_width * 0.5 + 0.75;
  #ifdef PICKING_MODE
  // a line two pixels wide is hard to hit
  half_ = max(half_, 6.0);
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
  v_half = half_;
  v_across = a_side * half_;
  v_along = a_t * len / pixel;
  v_dash = a_dash;
  gl_Position = vec4((u_matrix * vec3(position + normal * a_side * half_ * pixel, 1)).xy, 0, 1);
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec4 v_dash;
varying float v_along;
varying float v_across;
varying float v_half;

void main() {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  float alpha = clamp(v_half - abs(v_across), 0.0, 1.0);
  float period = v_dash.x + v_dash.y + v_dash.z + v_dash.w;
  if (period > 0.0) {
    float at = mod(v_along, period);
    float first = clamp(v_dash.x - at + 0.5, 0.0, 1.0);
    float from = v_dash.x + v_dash.y;
    float second = v_dash.z > 0.0 ? clamp(at - from + 0.5, 0.0, 1.0) * clamp(from + v_dash.z - at + 0.5, 0.0, 1.0) : 0.0;
    alpha *= max(first, second);
  }
  float a = v_color.a * alpha;
  gl_FragColor = vec4(v_color.rgb * a, a);
  #endif
}`;

export interface LineData extends EdgeDisplayData {
  bend: number;
  dash: readonly number[];
  alpha: number;
}

export class BentDashedProgram extends EdgeProgram<(typeof UNIFORMS)[number], Mark, Line> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLE_STRIP } = WebGLRenderingContext;
    const corners: number[][] = [];
    for (let step = 0; step <= STEPS; step += 1) {
      corners.push([step / STEPS, 1], [step / STEPS, -1]);
    }
    return {
      VERTICES: corners.length,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLE_STRIP,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_start", size: 2, type: FLOAT },
        { name: "a_end", size: 2, type: FLOAT },
        { name: "a_width", size: 1, type: FLOAT },
        { name: "a_bend", size: 1, type: FLOAT },
        { name: "a_dash", size: 4, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [
        { name: "a_t", size: 1, type: FLOAT },
        { name: "a_side", size: 1, type: FLOAT },
      ],
      CONSTANT_DATA: corners,
    };
  }

  processVisibleItem(index: number, start: number, from: NodeDisplayData, to: NodeDisplayData, data: LineData): void {
    const array = this.array;
    const [a = 0, b = 0, c = 0, d = 0] = data.dash;
    let at = start;
    for (const value of [from.x, from.y, to.x, to.y, data.size, data.bend, a, b, c, d, floatColor(data.color), index]) {
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
