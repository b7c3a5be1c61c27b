import type { OptionSpec } from "../command.ts";

/** Options that several commands take; they read the same everywhere. */
export const JSON_OPTION = {
  json: { type: "boolean", help: "Write one JSON document instead of text" },
} as const satisfies Record<string, OptionSpec>;

/** How naive times are read. */
export const TIMEZONE_OPTION = {
  timezone: {
    type: "string",
    value: "ZONE",
    help: "Zone of times without one: +02:00 or Europe/London",
  },
} as const satisfies Record<string, OptionSpec>;
