"""Times pandas.merge_asof and numpy.interp on the arrays of a folder, and writes their answers there."""

import json
import sys
import time

import numpy as np
import pandas as pd

folder, runs = sys.argv[1], int(sys.argv[2])
left = np.fromfile(folder + "/left.i64", dtype="<i8")
right = np.fromfile(folder + "/right.i64", dtype="<i8")
values = np.fromfile(folder + "/values.f64", dtype="<f8")


def best(work):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return answer, min(seconds)


frames = pd.DataFrame({"t": left}), pd.DataFrame({"t": right, "index": np.arange(len(right))})
figures = {}
for direction in ("backward", "nearest"):
    found, seconds = best(lambda: pd.merge_asof(*frames, on="t", direction=direction))
    found["index"].fillna(-1).to_numpy().astype("<i4").tofile(f"{folder}/{direction}.i32")
    figures[direction] = seconds

# Seconds since the first sample, as its users write them; times of today do not fit a float.
base = right[0]
x, at = (right - base).astype(float), (left - base).astype(float)
found, seconds = best(lambda: np.interp(at, x, values, left=np.nan, right=np.nan))
found.astype("<f8").tofile(folder + "/linear.f64")
figures["linear"] = seconds
json.dump(figures, sys.stdout)
