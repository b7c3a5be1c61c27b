import type {
  AnchorGrid,
  DetectorManifest,
  LandmarksManifest,
  ModelManifest,
} from "./model_manifest.ts";

/** MediaPipe's layers with strides 8, 16, 16 and 16, two candidates each. */
const ANCHORS: readonly AnchorGrid[] = [{ stride: 8, each: 2 }, { stride: 16, each: 6 }];

const PALM_NETWORK: Pick<DetectorManifest, "kind" | "input" | "anchors" | "outputs"> = {
  kind: "detector",
  input: { width: 192, height: 192, layout: "nhwc" },
  anchors: ANCHORS,
  outputs: { boxes: { output: 0 }, scores: { output: 1, activation: "sigmoid" } },
};

const HAND_NETWORK: Pick<LandmarksManifest, "kind" | "input" | "outputs" | "depthScale"> = {
  kind: "landmarks",
  input: { width: 224, height: 224, layout: "nhwc" },
  outputs: {
    landmarks: { output: 0 },
    presence: { output: 1 },
    handedness: { output: 2 },
    world: { output: 3 },
  },
  depthScale: 0.4,
};

const MODEL_CARD = "https://developers.google.com/mediapipe/solutions/vision/hand_landmarker";
const LITE = { version: "lite", family: "mediapipe-lite", licence: "Apache-2.0" } as const;
const ZOO = { version: "2023feb", family: "opencv-zoo", licence: "Apache-2.0" } as const;
const ZOO_PAGE = "https://github.com/opencv/opencv_zoo/tree/main/models";
const ZOO_FILES = "https://media.githubusercontent.com/media/opencv/opencv_zoo/main/models";

/**
 * The networks that the method `mediapipe` knows, in the order in which it prefers them.
 *
 * Both families are Google's hand networks of 2021, as ONNX. The lite family is converted from the TFLite files of
 * MediaPipe, which has no address for it as ONNX; OpenCV publishes its own conversion.
 */
export const KNOWN_MODELS: readonly ModelManifest[] = [
  {
    ...PALM_NETWORK,
    ...LITE,
    name: "mediapipe-lite-palm",
    fileName: "palm_detection_lite.onnx",
    bytes: 3_891_293,
    sha256: "6b693ace4d8a3e6f88978172207519fe7f18b31a0bd1dcd06473afdeb0d88ecd",
    source: MODEL_CARD,
    downloads: [],
  },
  {
    ...HAND_NETWORK,
    ...LITE,
    name: "mediapipe-lite-hand",
    fileName: "hand_landmark_lite.onnx",
    bytes: 4_087_999,
    sha256: "e5da483e20a3a405856abde400d8515cc484d4ea03bb02994bb86323b5df51a6",
    source: MODEL_CARD,
    downloads: [],
  },
  {
    ...PALM_NETWORK,
    ...ZOO,
    name: "opencv-zoo-palm",
    fileName: "palm_detection_mediapipe_2023feb.onnx",
    bytes: 3_905_734,
    sha256: "78ff51c38496b7fc8b8ebdb6cc8c1abb02fa6c38427c6848254cdaba57fcce7c",
    source: `${ZOO_PAGE}/palm_detection_mediapipe`,
    downloads: [
      "https://huggingface.co/opencv/palm_detection_mediapipe/resolve/main/palm_detection_mediapipe_2023feb.onnx",
      `${ZOO_FILES}/palm_detection_mediapipe/palm_detection_mediapipe_2023feb.onnx`,
    ],
  },
  {
    ...HAND_NETWORK,
    ...ZOO,
    name: "opencv-zoo-hand",
    fileName: "handpose_estimation_mediapipe_2023feb.onnx",
    bytes: 4_099_621,
    sha256: "db0898ae717b76b075d9bf563af315b29562e11f8df5027a1ef07b02bef6d81c",
    source: `${ZOO_PAGE}/handpose_estimation_mediapipe`,
    downloads: [
      "https://huggingface.co/opencv/handpose_estimation_mediapipe/resolve/main/handpose_estimation_mediapipe_2023feb.onnx",
      `${ZOO_FILES}/handpose_estimation_mediapipe/handpose_estimation_mediapipe_2023feb.onnx`,
    ],
  },
];
