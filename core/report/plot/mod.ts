/**
 * Plots as SVG text: axes with natural marks, points, lines, bands and markers. Same data, same bytes.
 *
 * @module
 */
export { decimate, type PlotPoint } from "./decimate.ts";
export { type Marker, Panel, type PanelOptions } from "./panel.ts";
export {
  cutText,
  element,
  escapeXml,
  SERIES_COLOURS,
  svgDocument,
  textElement,
  textWidth,
} from "./svg.ts";
export { niceTicks, type Tick, type TimeScale, timeScale } from "./ticks.ts";
