/** Names of the 21 landmarks in their order, as MediaPipe numbers and calls them. */
export const LANDMARK_NAMES: readonly string[] = [
  "wrist",
  ...["cmc", "mcp", "ip", "tip"].map((joint) => `thumb_${joint}`),
  ...["index_finger", "middle_finger", "ring_finger", "pinky"].flatMap((finger) =>
    ["mcp", "pip", "dip", "tip"].map((joint) => `${finger}_${joint}`)
  ),
];
