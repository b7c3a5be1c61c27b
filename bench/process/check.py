"""Compares what peer.py and this toolkit wrote: `check.py OURS PEERS`. Prints JSON, fails where they differ. See run.ts."""

import glob
import json
import os
import sys

import numpy as np
import pandas as pd
import scipy.io

# Default floats of pandas keep 17 digits and round several times.
TOLERANCE = 1e-12
# Means of the same samples, added in another order.
MEAN_TOLERANCE = 1e-9
ALIGNED = ("time_s", "time_ns", "sigma_s")


def fail(message):
    sys.exit(f"Results differ: {message}")


def same(name, ours, peers, tolerance):
    """Equal texts, or numbers that are equal or missing in both."""
    if pd.api.types.is_numeric_dtype(ours) and pd.api.types.is_numeric_dtype(peers):
        ours, peers = np.asarray(ours, "float64"), np.asarray(peers, "float64")
        equal = np.isclose(ours, peers, rtol=tolerance, atol=tolerance, equal_nan=True)
    else:
        equal = (np.asarray(ours) == np.asarray(peers)) | (pd.isna(ours) & pd.isna(peers))
    if not equal.all():
        row = int(np.argmin(equal))
        fail(f"{name}: {int((~equal).sum())} values, first in row {row}: {np.asarray(ours)[row]} and {np.asarray(peers)[row]}")


def compare_stream(name, ours, peers):
    """The same values; times no further apart than the uncertainties of both say (3 sigma)."""
    if len(ours) != len(peers) or list(ours) != list(peers):
        fail(f"{name}: {len(ours)} x {len(ours.columns)} and {len(peers)} x {len(peers.columns)} cells")
    for column in ours:
        if column not in ALIGNED:
            same(f"{name}.{column}", ours[column], peers[column], TOLERANCE)
    distance = (ours["time_ns"] - peers["time_ns"]).abs() / 1e9
    allowed = 3 * np.hypot(ours["sigma_s"], peers["sigma_s"])
    if not (distance <= allowed).all():
        fail(f"{name}: times are up to {distance.max()} s apart")
    return {"stream": name, "samples": len(ours), "worst_s": float(distance.max()),
            "sigma_s": float(ours["sigma_s"].max())}


def compare_combined(ours, peers):
    """The same ticks and columns. The means of streams on the computer's clock, whose times are no estimates."""
    if list(ours) != list(peers):
        fail(f"combined: columns {sorted(set(ours) ^ set(peers))}")
    same("combined.time_ns", ours["time_ns"], peers["time_ns"], 0)
    columns = [column for column in ours if column.startswith("shimmer_") and not column.endswith("sigma_s")]
    for column in columns:
        same(f"combined.{column}", ours[column], peers[column], MEAN_TOLERANCE)
    return {"ticks": len(ours), "columns": len(ours.columns), "equal_columns": len(columns)}


def compare_mat(name, ours, peers, tables):
    """Each MAT-file holds what the tables beside it hold."""
    for which, found in (("ours", ours), ("peer", peers)):
        device, stream = name.split(".")
        struct = found["session"]["devices"][0, 0][device][0, 0][stream][0, 0]
        table = tables[which]
        if not np.array_equal(struct["time_ns"][0, 0].ravel(), table["time_ns"].to_numpy()):
            fail(f"MAT-file ({which}): times of {name}")
        values = struct["values"][0, 0]
        for column in values.dtype.names:
            cells = values[column][0, 0]
            if cells.dtype.names is None:
                same(f"MAT-file ({which}) {name}.{column}", cells.ravel(), table[column].to_numpy(), TOLERANCE)


def read(folder, name):
    return pd.read_csv(f"{folder}/{name}.csv", float_precision="round_trip")


def main(ours, peers):
    names = [os.path.basename(path)[:-4] for path in glob.glob(f"{peers}/*.csv")]
    mats = [scipy.io.loadmat(path) for path in (glob.glob(f"{ours}/exports/matlab/*.mat")[0], f"{peers}/session.mat")]
    streams = []
    for name in sorted(set(names) - {"combined"}):
        tables = {"ours": read(f"{ours}/exports/csv", name), "peer": read(peers, name)}
        streams.append(compare_stream(name, tables["ours"], tables["peer"]))
        compare_mat(name, *mats, tables)
    combined = compare_combined(read(f"{ours}/exports/csv", "combined"), read(peers, "combined"))
    print(json.dumps({"streams": streams, "combined": combined}))


main(*sys.argv[1:])
