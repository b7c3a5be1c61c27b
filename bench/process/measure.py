"""Runs a command and prints its wall time, processor time and peak memory as JSON. See measure.ts."""

import json
import os
import sys
import time

start = time.perf_counter()
child = os.fork()
if child == 0:
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(json.dumps({
    "code": os.waitstatus_to_exitcode(status),
    "seconds": time.perf_counter() - start,
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "peakBytes": usage.ru_maxrss * 1024,
}))
