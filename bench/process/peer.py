"""Processes a session as a careful analyst would in one script: pandas, NumPy and SciPy. See run.ts.

`peer.py SESSION OUTPUT` reads every table of SESSION, checks it, puts all samples on the clock of the computer and
writes the tables, the combined table and one MAT-file into OUTPUT. It knows the three layouts that it meets; it
holds the whole session in memory.
"""

import glob
import hashlib
import json
import os
import sys

import numpy as np
import pandas as pd
import scipy.io

GRID_HZ = 10
BLOCK_NS = 10_000_000_000
# What a person's skin, a heart and a phone in a hand can show, by the start of a column's name.
RANGES = {"gsr": (0, 100), "accel": (-160, 160), "gyro": (-2500, 2500), "battery": (0, 100)}
PHONE_NAMES = {
    "Timestamp_ms": "timestamp",
    "DeviceTime_ms": "device_time",
    "SystemTime_ms": "system_time",
    "SessionTime_ms": "session_time",
    "DeviceId": "device_id",
    "SequenceNumber": "sequence",
    "GSR_Conductance_uS": "gsr_conductance",
    "PPG_A13": "ppg",
    "ECG_mV": "ecg",
    "EMG_mV": "emg",
    "Battery_Percentage": "battery",
}
PC_NAMES = {"ppg_a13": "ppg", "battery_percentage": "battery"}
TIMES = ("timestamp", "device_time", "system_time")


def phone_name(name):
    if name in PHONE_NAMES:
        return PHONE_NAMES[name]
    return "_".join(name.split("_")[:2]).lower()


def hash_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def read_stream(path):
    """The table with the names and units of the exports, and the clock of its times."""
    table = pd.read_csv(path)
    device, name = os.path.basename(path).rsplit("_", 3)[:2]
    if "Timestamp_ms" in table:
        table.columns = [phone_name(column) for column in table.columns]
        for column in TIMES:
            table[column] *= 1_000_000
        times, clock = table["device_time"], "sensor"
    elif name == "motion":
        table["timestamp"] *= 1_000_000
        times, clock = table["timestamp"], "phone"
    else:
        table = table.rename(columns=PC_NAMES)
        # A float of today's seconds holds the recorded microseconds, but no nanoseconds.
        table["timestamp"] = np.round(table["timestamp"] * 1e6).astype("int64") * 1000
        table["system_time"] = pd.to_datetime(table["system_time"]).astype("int64")
        times, clock = table["timestamp"], "pc"
    return {"id": f"{device}/{name}", "device": device, "name": name, "clock": clock,
            "table": table, "times": times.to_numpy()}


def check(stream):
    """Gaps, duplicates, order and the range of each column."""
    steps = np.diff(stream["times"])
    period = np.median(steps)
    facts = {
        "samples": len(stream["times"]),
        "rate_hz": 1e9 * (len(steps)) / float(stream["times"][-1] - stream["times"][0]),
        "jitter_ns": float(np.median(np.abs(steps - period))),
        "duplicates": int((steps == 0).sum()),
        "backwards": int((steps < 0).sum()),
        "gaps": int((steps > 1.5 * period).sum()),
        "missing_samples": int(np.maximum(np.round(steps[steps > 1.5 * period] / period) - 1, 0).sum()),
        "repeated_rows": int(stream["table"].duplicated().sum()),
        "columns": {},
    }
    for name, column in stream["table"].items():
        if column.dtype == object or name in TIMES:
            facts["columns"][name] = {"missing": int(column.isna().sum()), "different": int(column.nunique())}
            continue
        low, high = RANGES.get(name.split("_")[0], (-np.inf, np.inf))
        facts["columns"][name] = {
            "missing": int(column.isna().sum()), "min": float(column.min()), "max": float(column.max()),
            "mean": float(column.mean()), "std": float(column.std()),
            "outside": int(((column < low) | (column > high)).sum()),
        }
    return facts


def fit_line(x, y):
    """Slope and offset of y - x over x, and the spread about it, with x from its first value."""
    slope, offset = np.polyfit((x - x[0]) / 1e9, y, 1)
    residuals = y - (offset + slope * (x - x[0]) / 1e9)
    return {"from": int(x[0]), "offset": float(offset), "slope": float(slope), "sigma": float(np.std(residuals))}


def fit_envelope(device, host):
    """The fastest packet of each block shows the offset best: a line through the minima."""
    delays = (host - device).astype("float64")
    blocks = (device - device[0]) // BLOCK_NS
    order = np.lexsort((delays, blocks))
    first = order[np.unique(blocks[order], return_index=True)[1]]
    line = fit_line(device[first], delays[first] - delays[0])
    return {**line, "base": int(host[0] - device[0])}


def fit_markers(folder):
    """Markers hold the same moment on the clock of the phone and on that of the computer."""
    pairs = []
    for path in sorted(glob.glob(f"{folder}/sync_markers/*.txt")):
        with open(path) as file:
            fields = dict(line.strip().split("=", 1) for line in file if "=" in line)
        pairs.append((int(fields["device_time"]) * 1_000_000, int(fields["synced_time"]) * 1_000_000))
    phone, pc = np.array(sorted(pairs), dtype="int64").T
    return {**fit_line(phone, (pc - phone).astype("float64")), "base": 0}


def apply(line, times):
    offsets = line["offset"] + line["slope"] * (times - line["from"]) / 1e9
    return times + line["base"] + np.round(offsets).astype("int64")


def align(stream, markers):
    """Times on the clock of the computer, and their standard uncertainty in ns."""
    times, sigma = stream["times"], 0.0
    if stream["clock"] == "sensor":
        line = fit_envelope(times, stream["table"]["timestamp"].to_numpy())
        times, sigma = apply(line, times), line["sigma"]
    if stream["clock"] != "pc":
        # Two markers leave no residuals; their stamps are whole milliseconds.
        line = markers[stream["device"]]
        times, sigma = apply(line, times), np.hypot(sigma, max(line["sigma"], 1e6))
    return times, np.full(len(times), max(sigma, 1e3))


def write_stream(stream, origin, output):
    aligned = pd.DataFrame({
        "time_s": (stream["aligned"] - origin) / 1e9, "time_ns": stream["aligned"],
        "sigma_s": stream["sigma"] / 1e9, "device_ns": stream["times"],
    })
    table = pd.concat([aligned, stream["table"]], axis=1)
    table.to_csv(f"{output}/{stream['device']}.{stream['name']}.csv", index=False)


def write_combined(streams, origin, output):
    """The mean over the time around each tick; of sequence numbers the last one before it."""
    first = min(stream["aligned"].min() for stream in streams)
    last = max(stream["aligned"].max() for stream in streams)
    period = 1_000_000_000 // GRID_HZ
    first -= first % 1_000_000_000
    ticks = np.arange(first, last + 1, period)
    parts = [pd.DataFrame({"time_s": (ticks - origin) / 1e9, "time_ns": ticks})]
    for stream in streams:
        table = stream["table"].select_dtypes("number").drop(columns=list(TIMES), errors="ignore")
        # Empty columns of text are read as columns of missing numbers.
        table = table.drop(columns=["android_device_id"], errors="ignore")
        bins = (stream["aligned"] - first + period // 2) // period
        means = table.assign(sigma_s=stream["sigma"] / 1e9).groupby(bins).mean().reindex(range(len(ticks)))
        if "sequence" in table:
            times = stream["aligned"]
            before = np.searchsorted(times, ticks, side="right") - 1
            near = (before >= 0) & (ticks - times[np.maximum(before, 0)] <= 1_000_000_000)
            means["sequence"] = np.where(near, table["sequence"].to_numpy()[np.maximum(before, 0)], np.nan)
        parts.append(means.add_prefix(f"{stream['device']}.{stream['name']}."))
    pd.concat(parts, axis=1).to_csv(f"{output}/combined.csv", index=False)


def labels(column):
    codes, texts = pd.factorize(column.fillna(""))
    return {"labels": np.array(texts, dtype=object), "codes": (codes + 1).astype("int32")}


def write_mat(streams, origin, output):
    devices = {}
    for stream in streams:
        table = stream["table"]
        text = [name for name in table if table[name].dtype == object or name == "android_device_id"]
        values = {name: labels(table[name].astype(object)) if name in text else table[name].to_numpy() for name in table}
        devices.setdefault(stream["device"], {})[stream["name"]] = {
            "time": (stream["aligned"] - origin) / 1e9, "time_ns": stream["aligned"],
            "sigma": stream["sigma"] / 1e9, "device_ns": stream["times"], "values": values,
        }
    with open(f"{output}/session.mat", "wb") as file:
        session = {"start_ns": origin, "devices": devices}
        scipy.io.savemat(file, {"session": session}, oned_as="column")


def main(session, output):
    os.makedirs(output)
    with open(f"{session}/session_metadata.json") as file:
        json.load(file)
    paths = sorted(glob.glob(f"{session}/devices/*/sensor_data/*.csv"))
    hashes = {path: hash_file(path) for path in paths}
    streams = [read_stream(path) for path in paths]
    facts = {stream["id"]: check(stream) for stream in streams}
    markers = {os.path.basename(folder): fit_markers(folder)
               for folder in glob.glob(f"{session}/devices/phone_*")}
    for stream in streams:
        stream["aligned"], stream["sigma"] = align(stream, markers)
    origin = min(int(stream["aligned"].min()) for stream in streams)
    for stream in streams:
        write_stream(stream, origin, output)
    write_combined(streams, origin, output)
    write_mat(streams, origin, output)
    with open(f"{output}/report.json", "w") as file:
        json.dump({"hashes": hashes, "streams": facts}, file, indent=2)


main(*sys.argv[1:])
