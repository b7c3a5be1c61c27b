const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size with three digits and a decimal unit. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${BYTE_UNITS[unit]}`;
}

/** A number with four digits and a unit; `-` when there is none. */
export function formatNumber(value: number, unit: string): string {
  return Number.isFinite(value) && value > 0 ? `${Number(value.toPrecision(4))} ${unit}` : "-";
}

/** A span of time as `12.3 s`, `4 min 05 s` or `2 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 100) return `${Number(seconds.toFixed(seconds < 10 ? 3 : 1))} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** An uncertainty with the unit in which it is at least one. */
export function formatSigma(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return "unknown";
  const scales = [[1e9, "s"], [1e6, "ms"], [1e3, "us"]] as const;
  const [scale, unit] = scales.find(([size]) => nanoseconds >= size) ?? [1, "ns"];
  return `${Number((nanoseconds / scale).toPrecision(2))} ${unit}`;
}
