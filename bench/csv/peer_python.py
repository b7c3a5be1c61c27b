"""Reads the table with pandas or polars: `LIBRARY dump TABLE OUTPUT` or `LIBRARY time TABLE RUNS`. See run.ts."""

import array
import json
import resource
import sys
import time


def read_pandas(path, precision):
    import pandas

    return pandas.read_csv(path, engine="c", float_precision=precision)


def read_polars(path):
    import polars

    return polars.read_csv(path)


READERS = {
    "pandas": lambda path: read_pandas(path, None),
    "pandas-exact": lambda path: read_pandas(path, "round_trip"),
    "polars": read_polars,
}


def dump(table, output):
    with open(output, "wb") as file:
        for name in table.columns:
            if name != "DeviceId":
                values = (float("nan") if value is None else value for value in table[name].to_list())
                array.array("d", values).tofile(file)
        file.write("\n".join(table["DeviceId"].to_list()).encode())


def measure(read, path, runs):
    wall, cpu = float("inf"), float("inf")
    for _ in range(runs):
        start, start_cpu = time.perf_counter_ns(), time.process_time_ns()
        table = read(path)
        wall = min(wall, time.perf_counter_ns() - start)
        cpu = min(cpu, time.process_time_ns() - start_cpu)
        del table
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"wallNs": wall, "cpuNs": cpu, "peakBytes": peak}


library, mode, table_path, last = sys.argv[1:]
reader = READERS[library]
if mode == "dump":
    dump(reader(table_path), last)
else:
    print(json.dumps(measure(reader, table_path, int(last))))
