/**
 * Sound that two devices recorded, as evidence of how their clocks relate.
 *
 * @module
 */
export {
  type AudioMatch,
  type AudioMatchOptions,
  type AudioRecording,
  audioSeries,
  type AudioSeriesOptions,
  type AudioWindow,
  matchAudio,
} from "./match_audio.ts";
