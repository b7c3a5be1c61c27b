"""Times as-of joins and linear resampling of others on the arrays of a folder, and writes their answers there.

Which library and which task is told on the command line, so that each has a process of its own.
"""

import json
import os
import sys
import time

folder, library, task, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
clock = time.process_time if sys.argv[5] == "processor" else time.perf_counter
if library.startswith("polars"):
    sys.path.insert(0, os.environ.get("POLARS_PYTHONPATH", ""))
    if library == "polars-1":
        os.environ["POLARS_MAX_THREADS"] = "1"
if library == "numpy-small":
    # NumPy asks the system for pages of 2 MiB, which cost a sixth to write for the first time.
    os.environ["NUMPY_MADVISE_HUGEPAGE"] = "0"

import numpy as np

left = np.fromfile(folder + "/left.i64", dtype="<i8")
right = np.fromfile(folder + "/right.i64", dtype="<i8")


def asof():
    """A function that joins, and one that gives the index on the right of its answer, -1 without a match."""
    import polars as pl

    one = pl.DataFrame({"t": left}).set_sorted("t")
    other = pl.DataFrame({"t": right, "index": np.arange(len(right))}).set_sorted("t")
    answer = lambda found: found["index"].fill_null(-1).to_numpy()
    return lambda: one.join_asof(other, on="t", strategy=task), answer


def linear():
    values = np.fromfile(folder + "/values.f64", dtype="<f8")
    # Seconds since the first sample, as its users write them; times of today do not fit a float.
    x, at = (right - right[0]).astype(float), (left - right[0]).astype(float)
    return lambda: np.interp(at, x, values, left=np.nan, right=np.nan), lambda found: found


work, answer = linear() if task == "linear" else asof()
seconds = []
for _ in range(runs):
    start = clock()
    found = work()
    seconds.append(clock() - start)
kind = "<f8" if task == "linear" else "<i4"
np.asarray(answer(found)).astype(kind).tofile(f"{folder}/{library}.answer")
json.dump({"seconds": min(seconds)}, sys.stdout)
