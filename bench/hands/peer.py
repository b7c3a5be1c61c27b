"""The script that one would write: ffmpeg decodes, ONNX Runtime finds palms and landmarks, OpenCV cuts and fills.

usage: peer.py VIDEO MODELS THREADS HANDS
Prints one JSON object: seconds, processor seconds, and the landmarks of each frame in pixels.
"""
import json
import math
import resource
import subprocess
import sys
import time

import cv2
import numpy as np
import onnxruntime as ort

video, models, threads, hands = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
cv2.setNumThreads(threads)


def load(name):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(f"{models}/{name}", options, providers=["CPUExecutionProvider"])


def anchors():
    places = []
    for stride, each in ((8, 2), (16, 6)):
        for y in range(192 // stride):
            for x in range(192 // stride):
                places += [((x + 0.5) * stride, (y + 0.5) * stride)] * each
    return np.array(places, np.float32)


ANCHORS = anchors()
STABLE = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]


def find_palms(network, image):
    height, width = image.shape[:2]
    scale = 192 / max(width, height)
    pad = np.array([(192 - width * scale) / 2, (192 - height * scale) / 2])
    matrix = np.array([[scale, 0, pad[0] + scale / 2 - 0.5], [0, scale, pad[1] + scale / 2 - 0.5]])
    input = cv2.warpAffine(image, matrix, (192, 192), flags=cv2.INTER_LINEAR)
    boxes, scores = network.run(None, {"input_1": input[None].astype(np.float32) / 255})
    scores = 1 / (1 + np.exp(-np.clip(scores[0, :, 0], -100, 100)))
    kept = np.flatnonzero(scores >= 0.5)
    points = boxes[0, kept].reshape(-1, 9, 2).copy()
    points[:, [0, 2, 3, 4, 5, 6, 7, 8]] += ANCHORS[kept, None]
    points[:, [0, 2, 3, 4, 5, 6, 7, 8]] -= pad
    return merge(points / scale, scores[kept])


def merge(points, scores):
    order = list(np.argsort(-scores, kind="stable"))
    found = []
    while order:
        best = points[order[0]]
        low, high = points[order, 0] - points[order, 1] / 2, points[order, 0] + points[order, 1] / 2
        shared = np.minimum(high, high[0]) - np.maximum(low, low[0])
        shared = np.prod(np.maximum(shared, 0), axis=1)
        areas = np.prod(points[order, 1], axis=1)
        same = shared / (areas + areas[0] - shared) > 0.3
        same[0] = True
        group = np.array(order)[same]
        found.append((points[group] * scores[group, None, None]).sum(0) / scores[group].sum())
        order = [index for index, gone in zip(order, same) if not gone]
    return found


def palm_region(palm):
    center, size = palm[0], palm[1]
    across, down = palm[4] - palm[2]
    angle = math.pi / 2 - math.atan2(-down, across)
    shift = 0.5 * size[1] * np.array([math.sin(angle), -math.cos(angle)])
    return center + shift, 2.6 * max(size), angle


def landmark_region(points):
    knuckles = ((points[5] + points[13]) / 2 + points[9]) / 2
    across, down = knuckles - points[0]
    angle = math.pi / 2 - math.atan2(-down, across)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    own = points[STABLE] @ turn.T
    low, high = own.min(0), own.max(0)
    center = ((low + high) / 2 - [0, 0.1 * (high - low)[1]]) @ turn
    return center, 2 * max(high - low), angle


def read_hand(network, image, region):
    center, size, angle = region
    scale = 224 / size
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    # From the middles of pixels to the middles of pixels.
    matrix = np.array([[cos, sin, 0], [-sin, cos, 0]])
    matrix[:, 2] = 112 - 0.5 - matrix[:, :2] @ (np.asarray(center) - 0.5)
    input = cv2.warpAffine(image, matrix, (224, 224), flags=cv2.INTER_LINEAR)
    landmarks, presence, _, _ = network.run(None, {"input_1": input[None].astype(np.float32) / 255})
    if presence[0, 0] < 0.5:
        return None
    own = (landmarks.reshape(21, 3)[:, :2] - 112) / scale
    back = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return own @ back.T + center


def probe():
    fields = ["-show_entries", "stream=width,height", "-of", "csv=p=0"]
    line = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", *fields, video],
        capture_output=True, check=True, text=True,
    ).stdout
    return [int(value) for value in line.split(",")]


def main():
    palm, hand = load("palm_detection_lite.onnx"), load("hand_landmark_lite.onnx")
    width, height = probe()
    started = time.perf_counter()
    decoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-i", video, "-fps_mode", "passthrough",
         "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        stdout=subprocess.PIPE, bufsize=width * height * 3,
    )
    frames, regions = [], []
    while len(data := decoder.stdout.read(width * height * 3)) == width * height * 3:
        image = np.frombuffer(data, np.uint8).reshape(height, width, 3)
        if len(regions) < hands:
            known = [region[0] for region in regions]
            for found in map(palm_region, find_palms(palm, image)):
                near = [np.linalg.norm(found[0] - center) < 0.3 * found[1] for center in known]
                if len(regions) < hands and not any(near):
                    regions.append(found)
        points = [read_hand(hand, image, region) for region in regions]
        points = [each for each in points if each is not None]
        for each in points:
            mask = np.zeros((height, width), np.uint8)
            cv2.fillConvexPoly(mask, cv2.convexHull(each.astype(np.int32)), 1)
        regions = [landmark_region(each) for each in points]
        frames.append([each.round(3).tolist() for each in points])
    decoder.wait()
    seconds = time.perf_counter() - started
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(each.ru_utime + each.ru_stime for each in usage)
    print(json.dumps({"seconds": seconds, "processor": processor, "frames": frames}))


main()
