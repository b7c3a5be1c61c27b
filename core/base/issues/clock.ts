import type { IssueDefinition } from "../issue.ts";

/** Issues of time columns, sampling and clocks. */
export const CLOCK_ISSUES = {
  TIME_COLUMN_MISSING: {
    severity: "error",
    title: "A table has no time column",
    message: "None of the columns {columns} holds a time",
    remedy:
      "Name the time column in session-process.json. Without it rows cannot be placed in time.",
  },
  TIME_UNIT_AMBIGUOUS: {
    severity: "error",
    title: "Unit of a time column is ambiguous",
    message: 'Column "{column}" could be {candidates}; it was not used',
    remedy: "State the unit in session-process.json.",
  },
  TIME_UNIT_INFERRED: {
    severity: "info",
    title: "Unit of a time column was inferred",
    message: 'Column "{column}" was read as {unit} on {clock}: {reason}',
    remedy: "Nothing to do if that is right.",
  },
  TIME_UNIT_CONFLICT: {
    severity: "warning",
    title: "A time column is in another unit than its name says",
    message: 'Column "{column}" is named in {named} but holds {found}',
    remedy: "It was read in the unit that it holds.",
  },
  TIME_VALUE_MISSING: {
    severity: "warning",
    title: "A row has no time",
    message: "{count} rows have no readable time",
    remedy: "They are exported without a time.",
  },
  TIME_CONSTANT: {
    severity: "info",
    title: "A time column never changes",
    message: 'Column "{column}" is {value} in all rows; it was not used',
    remedy: "Nothing to do: another time column was used.",
  },
  TIME_QUANTISED: {
    severity: "info",
    title: "Times are coarse",
    message: "Times are multiples of {step} s at a sample period of {period} s",
    remedy: "Nothing to do: the coarseness is part of the stated uncertainty.",
  },
  TIME_BACKWARDS: {
    severity: "warning",
    title: "Time runs backwards",
    message: "{count} samples lie before the sample ahead of them, by at most {worst} s",
    remedy: "Small jumps are reordered packets; large ones are clock steps. File order was kept.",
  },
  TIME_DUPLICATE: {
    severity: "warning",
    title: "Samples share a time stamp",
    message: "{count} samples have the time stamp of the sample ahead of them",
    remedy: "Stamps were given at arrival of a packet. Aligned times keep the order.",
  },
  TIME_STEP: {
    severity: "warning",
    title: "A clock was set during the recording",
    message: "Clock {clock} steps by {step} s",
    remedy: "The alignment treats the parts before and after separately.",
  },
  TIME_JITTER: {
    severity: "info",
    title: "Sample intervals are irregular",
    message: "Half of the intervals differ by more than {jitter} ms from the median",
    remedy: "Stamps were given at arrival. Their scatter is part of the stated uncertainty.",
  },
  TIME_IMPLAUSIBLE: {
    severity: "error",
    title: "Times are not plausible dates",
    message: "Times run from {start} to {end}",
    remedy: "The clock of the device was not set; other evidence is needed to align it.",
  },
  STREAM_OUTSIDE_SESSION: {
    severity: "warning",
    title: "A stream lies outside the session",
    message: "Stream runs from {start} to {end}, {gap} s away from the session",
    remedy: "Check the device clock, its time zone, and that the file belongs here.",
  },
  STREAM_SHORT: {
    severity: "warning",
    title: "A stream covers only part of the session",
    message: "Stream covers {percent} % of the session",
    remedy: "The device started late or stopped early.",
  },
  STREAM_TOO_FEW_SAMPLES: {
    severity: "warning",
    title: "A stream has too few samples",
    message: "Stream has {count} samples",
    remedy: "Its rate and clock cannot be estimated.",
  },
  RATE_UNEXPECTED: {
    severity: "warning",
    title: "The sample rate is not the expected one",
    message: "Rate is {rate} Hz, expected {expected} Hz",
    remedy: "Check the configuration of the sensor; the measured rate was used.",
  },
  RATE_MIXED: {
    severity: "info",
    title: "A file holds signals of several rates",
    message: 'Column "{column}" has values in {filled} of {rows} rows',
    remedy: "Nothing to do: empty cells stay empty.",
  },
  SAMPLES_MISSING: {
    severity: "warning",
    title: "Samples are missing",
    message: "{missing} samples are missing in {gaps} gaps, the longest {longest} s",
    remedy: "Gaps stay gaps in every export.",
  },
  SEQUENCE_BROKEN: {
    severity: "warning",
    title: "Sequence numbers have holes",
    message: "{missing} sequence numbers are missing in {gaps} places",
    remedy: "Packets were lost on the way, or two writers shared one queue.",
  },
  CLOCK_NO_EVIDENCE: {
    severity: "error",
    title: "Nothing ties a clock to the others",
    message: "Clock {clock} is not placed on {reference}: {reason}",
    remedy:
      "Repair the reason, or state the time of one of its samples with --anchor CLOCK=TIME; session-process align says more.",
  },
  CLOCK_ANCHOR_ONLY: {
    severity: "warning",
    title: "A clock rests on an absolute anchor alone",
    message: "Clock {clock} is placed by {rule} alone, good to {sigma} s",
    remedy: "Record shared events, such as a flash or a shake, to do better.",
  },
  CLOCK_DRIFT_IMPLAUSIBLE: {
    severity: "warning",
    title: "A clock drifts more than a crystal can",
    message: "Clock {clock} drifts by {drift} ppm",
    remedy: "A wrong unit or nominal rate is likely.",
  },
  CLOCK_EVIDENCE_REJECTED: {
    severity: "info",
    title: "Evidence about a clock was rejected",
    message: "{count} of {total} pieces of {kind} evidence on clock {clock} disagree with the rest",
    remedy: "Nothing to do.",
  },
  CLOCK_SET_UNSEEN: {
    severity: "warning",
    title: "A clock jumps where nothing compares it with another",
    message:
      "The stamps of clock {clock} jump by {jump} s and no reading of {reference} follows: samples from there on are placed within {within} s",
    remedy:
      "Nothing to do if that is enough: the uncertainty is stated with every time. An --anchor behind the jump does better.",
  },
  CLOCK_EVIDENCE_CONFLICT: {
    severity: "warning",
    title: "Evidence about a clock disagrees",
    message: "Clock {clock}: {first} and {second} disagree by {difference} s",
    remedy: "The more precise one was used and the uncertainty widened.",
  },
} as const satisfies Record<string, IssueDefinition>;
