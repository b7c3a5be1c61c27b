import type { IssueDefinition } from "../issue.ts";

/** Issues of finding hands. */
export const HAND_ISSUES = {
  HANDS_NO_PICTURES: {
    severity: "warning",
    title: "No recording has pictures",
    message: "None of the {streams} streams that were chosen is a video or a thermal recording",
    remedy: "Choose recordings with --streams, or copy the videos from the devices.",
  },
  HANDS_NO_ENCODER: {
    severity: "warning",
    title: "No videos of hands could be made",
    message: "Videos cannot be encoded here: {reason}",
    remedy: "The contact sheet shows what was found. See the reason for how to have videos.",
  },
  HANDS_NONE_CHOSEN: {
    severity: "warning",
    title: "No picture was searched for hands",
    message: "None of {decoded} pictures lies in the part that was chosen",
    remedy: "Choose another part with --from and --to, which count from the first picture.",
  },
  HANDS_NO_MODEL: {
    severity: "warning",
    title: "Hands were found without a network",
    message: '{reason}; method "{method}" was used instead',
    remedy:
      "Get the networks with `session-process models pull`, or name their folder with --models, and find the hands again.",
  },
} as const satisfies Record<string, IssueDefinition>;
