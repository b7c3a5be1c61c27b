"""Loads an XDF file with pyxdf: `dump FILE OUTPUT` or `raw FILE OUTPUT` writes times and values, `time FILE RUNS` measures."""

import json
import logging
import resource
import sys
import time

import numpy
import pyxdf

logging.disable(logging.CRITICAL)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def load(path, raw=False):
    options = {"synchronize_clocks": False, "dejitter_timestamps": False} if raw else {}
    streams, _ = pyxdf.load_xdf(path, **options)
    return sorted(streams, key=lambda stream: stream["info"]["stream_id"])


command, path, last = sys.argv[1:]
if command == "time":
    idle = peak()
    seconds = processor = float("inf")
    for run in range(int(last)):
        started, worked = time.perf_counter(), time.process_time()
        streams = load(path)
        seconds = min(seconds, time.perf_counter() - started)
        processor = min(processor, time.process_time() - worked)
        if run == 0:
            memory = peak()
            output = sum(s["time_stamps"].nbytes + s["time_series"].nbytes for s in streams)
        del streams
    versions = "pyxdf %s, numpy %s" % (pyxdf.__version__, numpy.__version__)
    times = {"seconds": seconds, "processor": processor, "versions": versions}
    print(json.dumps({**times, "idle": idle, "memory": memory, "output": output}))
else:
    with open(last, "wb") as file:
        for stream in load(path, command == "raw"):
            stamps = stream["time_stamps"]
            whole = numpy.floor(stamps)
            ns = whole.astype("int64") * 10**9 + numpy.rint((stamps - whole) * 1e9).astype("int64")
            ns.tofile(file)
            numpy.ascontiguousarray(stream["time_series"].T).tofile(file)
