"""The same work with OpenCV on one thread: answers into a folder, times in milliseconds to stdout."""
import json
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)
folder, rounds = sys.argv[1], int(sys.argv[2])
W, H = 1280, 720
yuv = np.fromfile(folder + "/picture", dtype=np.uint8).reshape(H * 3 // 2, W)
mask = np.fromfile(folder + "/mask", dtype=np.uint8).reshape(H, W)
rgb = cv2.cvtColor(yuv, cv2.COLOR_YUV2RGB_I420)


def disc(radius):
    y, x = np.mgrid[-radius:radius + 1, -radius:radius + 1]
    return (x * x + y * y <= radius * radius).astype(np.uint8)


def crop():
    side, angle, cx, cy = 300, 0.4, 600, 300
    c, s = np.cos(angle) * side / 224, np.sin(angle) * side / 224
    at = lambda i, j: (cx - .5 + c * (i - 111.5) - s * (j - 111.5), cy - .5 + s * (i - 111.5) + c * (j - 111.5))
    (x, y), (x1, y1), (x2, y2) = at(0, 0), at(1, 0), at(0, 1)
    back = np.array([[x1 - x, x2 - x, x], [y1 - y, y2 - y, y]])
    cut = cv2.warpAffine(rgb, back, (224, 224), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return cut.astype(np.float32) * np.float32(1 / 255)


def letterbox():
    small = cv2.resize(rgb, (192, 108), interpolation=cv2.INTER_LINEAR)
    return cv2.copyMakeBorder(small, 42, 42, 0, 0, cv2.BORDER_CONSTANT).astype(np.float32) * np.float32(1 / 255)


def components():
    count, labels, stats, centers = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return np.sort(stats[1:, cv2.CC_STAT_AREA]).astype(np.float64)


small, large = disc(3), disc(15)
work = {
    "colour": lambda: cv2.cvtColor(yuv, cv2.COLOR_YUV2RGB_I420),
    "crop": crop,
    "letterbox": letterbox,
    "shrink": lambda: cv2.resize(rgb, (320, 180), interpolation=cv2.INTER_AREA),
    "open3": lambda: cv2.morphologyEx(mask, cv2.MORPH_OPEN, small),
    "open15": lambda: cv2.morphologyEx(mask, cv2.MORPH_OPEN, large),
    "components": components,
}
times = {}
for name, run in work.items():
    run().tofile(folder + "/peer." + name)
    spent = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        spent.append((time.perf_counter() - started) * 1000)
    times[name] = spent
json.dump({"version": cv2.__version__, "times": times}, sys.stdout)
