import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { streamPlace } from "../places.ts";
import type { ColumnStatistics } from "../report.ts";

/** Values of the sample that the phone makes up to print its header, by export name. */
const FABRICATED: readonly (readonly [column: RegExp, value: number])[] = [
  [/^gsr_conductance/, 2],
  [/^ppg/, 512],
  [/^accel_x$/, 9.8],
  [/^sequence/, 0],
  [/^battery/, 80],
];

/** Fewer agreeing columns could be chance. */
const LEAST_MATCHES = 3;

/** A first row that is not a measurement. Readers that drop it do not show it here. */
export const fabricatedSample: Check = {
  name: "fabricated-sample",
  codes: ["SAMPLE_FABRICATED"],
  *check({ streams }) {
    for (const report of streams) {
      if (isFabricated(report.columns)) {
        yield createIssue("SAMPLE_FABRICATED", {}, streamPlace(report));
      }
    }
  },
};

function isFabricated(columns: readonly ColumnStatistics[]): boolean {
  const present = FABRICATED.flatMap(([name, value]) => {
    const column = columns.find((one) => name.test(one.column));
    return column === undefined ? [] : [column.first === value];
  });
  return present.length >= LEAST_MATCHES && present.every(Boolean);
}
