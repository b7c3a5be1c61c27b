"""Fits a week of probes as pyxdf does: device and reference readings come as doubles, in seconds, on standard input.

Writes a line of JSON with intercept, slope and the best time of some runs.
"""

import json
import sys
import time

import numpy as np
from pyxdf import __version__
from pyxdf.pyxdf import _robust_fit

THRESHOLD = 0.0001


def fit(device, values):
    # As in pyxdf's _clock_sync.
    columns = np.column_stack([np.ones(len(device)), device / THRESHOLD])
    coefficients = _robust_fit(columns, values / THRESHOLD)
    return coefficients[0] * THRESHOLD, coefficients[1]


def main():
    runs = int(sys.argv[1])
    device, reference = np.frombuffer(sys.stdin.buffer.read(), dtype="<f8").reshape(2, -1)
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        intercept, slope = fit(device, reference - device)
        seconds.append(time.perf_counter() - started)
    answer = {"intercept": float(intercept), "slope": float(slope), "seconds": min(seconds)}
    print(json.dumps({**answer, "versions": f"pyxdf {__version__}, NumPy {np.__version__}"}))


main()
