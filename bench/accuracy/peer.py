"""Places recordings on the reference clock as others do, and says how far from the truth that is.

Reads from standard input, again and again, a line of JSON with lengths and the nominal rate, and behind it
little-endian doubles: stamps, truth, weights (0 where errors do not count), device and reference readings, all in
seconds. Writes a line of JSON with p50, p99 and the largest error in ms of each way.

pyxdf is called as its own `load_xdf` calls it, with the same defaults, on the very same arrays.
"""

import json
import logging
import sys
import time

import numpy as np

try:
    import pyxdf
    from pyxdf import pyxdf as inside
except ImportError:
    pyxdf = None

logging.disable(logging.CRITICAL)


class Stream:
    """The fields of a stream that pyxdf's synchronisation works on."""

    def __init__(self, rate, stamps, device, reference):
        self.srate = rate
        self.tdiff = 1 / rate
        self.time_stamps = stamps.copy()
        self.clock_times = list(device)
        self.clock_values = list(reference - device)
        self.clock_segments = []
        self.segments = []
        self.effective_srate = 0


def by_pyxdf(rate, stamps, device, reference):
    streams = {1: Stream(rate, stamps, device, reference)}
    inside._clock_sync(streams)
    inside._jitter_removal(streams)
    return streams[1].time_stamps


def by_line(rate, stamps, device, reference):
    """One straight line through all readings, one through all samples."""
    times = stamps
    if len(device) > 1:
        start = device[0]
        line = np.polyfit(device - start, reference - device, 1)
        times = stamps + np.polyval(line, stamps - start)
    index = np.arange(len(times))
    return np.polyval(np.polyfit(index, times, 1), index)


def errors(answer, truth, weights):
    wrong = np.abs(answer - truth)[weights > 0] * 1e3
    return [float(np.quantile(wrong, 0.5)), float(np.quantile(wrong, 0.99)), float(wrong.max())]


def read(count):
    return np.frombuffer(sys.stdin.buffer.read(8 * count), dtype="<f8")


def main():
    ways = {"line": by_line}
    if pyxdf is not None:
        ways["pyxdf"] = by_pyxdf
    print(json.dumps({"versions": {"numpy": np.__version__, "pyxdf": getattr(pyxdf, "__version__", None)}}), flush=True)
    for line in sys.stdin.buffer:
        task = json.loads(line)
        stamps, truth, weights = (read(task["samples"]) for _ in range(3))
        device, reference = (read(task["readings"]) for _ in range(2))
        answers = {}
        for name, way in ways.items():
            started = time.perf_counter()
            try:
                answer = way(task["rate"], stamps, device, reference)
                seconds = time.perf_counter() - started
                answers[name] = {"errors": errors(answer, truth, weights), "seconds": seconds}
            except Exception as error:
                answers[name] = {"failed": repr(error)}
        print(json.dumps(answers), flush=True)


main()
