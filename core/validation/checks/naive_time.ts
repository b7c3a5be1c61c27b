import { createIssue } from "../../base/mod.ts";
import type { Check, UtcOffset } from "../check.ts";

/** Whether the UTC offset of local times was stated or had to be taken from elsewhere. */
export const naiveTime: Check = {
  name: "naive-time",
  codes: ["TIME_NAIVE"],
  *check({ session, utcOffset }) {
    if (session.start?.clock.kind !== "local" || utcOffset?.stated === true) return;
    yield createIssue("TIME_NAIVE", {
      offset: formatOffset(utcOffset),
      source: utcOffset?.source ?? "nothing that was recorded",
    });
  },
};

function formatOffset(offset: UtcOffset | undefined): string {
  if (offset === undefined) return "not known";
  const minutes = Number(offset.offsetNs / 60_000_000_000n);
  const [hour, minute] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${pad(hour)}:${pad(minute)}`;
}
