/**
 * Trains of events that two clocks stamped: markers, flashes, pulses, bar codes.
 *
 * @module
 */
export {
  type BarcodeFormat,
  type BarcodeLevels,
  type Barcodes,
  decodeBarcodes,
} from "./barcodes.ts";
export {
  type EventMatch,
  type EventMatchOptions,
  eventSeries,
  type EventSeriesOptions,
  type EventStretch,
  type EventTrain,
  matchEvents,
} from "./match_events.ts";
