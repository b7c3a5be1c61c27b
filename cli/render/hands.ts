import type { HandsMetadata, HandsOutcome } from "session-process";
import { countIssues, renderIssues } from "./issues.ts";
import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";

/** The closing summary of `hands`: what was found in each recording, findings, and where the results are. */
export function renderHands(outcome: HandsOutcome, out: string, colour: boolean): string {
  const style = createStyle(colour);
  const { name, recordings, issues, written, loss } = outcome;
  const important = issues.filter(({ severity }) => severity !== "info");
  const sections = [
    `${style.bold(name)}  ${recordings.size} ${
      recordings.size === 1 ? "recording" : "recordings"
    } searched for hands`,
    ...(recordings.size === 0 ? [] : [recordingTable(recordings)]),
    ...(important.length === 0 ? [] : [renderIssues(important, style)]),
    countIssues(issues),
    `${written.length} files in ${out}`,
    ...written.map(({ path }) => `  ${path}`),
    ...(loss ? [style.red("Some recorded pictures could not be searched; see above.")] : []),
  ];
  return `${sections.join("\n")}\n`;
}

function recordingTable(recordings: ReadonlyMap<string, HandsMetadata>): string {
  return renderTable(
    [
      { title: "RECORDING" },
      { title: "METHOD" },
      { title: "PICTURES", align: "right" },
      { title: "WITH HANDS", align: "right" },
      { title: "HANDS", align: "right" },
      { title: "SPEED", align: "right" },
    ],
    [...recordings].map(([id, { method, frames, hands, timing }]) => [
      id,
      method,
      String(frames.searched),
      percent(frames.detected_share),
      String(hands.ids),
      timing?.frames_per_second ? `${timing.frames_per_second.toFixed(1)} /s` : "-",
    ]),
  );
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(100 * share).toFixed(1)} %`;
}
