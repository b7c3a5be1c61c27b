import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { streamPlace } from "../places.ts";
import { quantityOf } from "../quantities.ts";
import { rounded } from "../window.ts";

/** Range of the camera in degrees Celsius, -20 to 550, widened by its error. */
const [LOWEST, HIGHEST] = [-40, 570];

/** Raw value per kelvin in high gain. */
const USUAL_DIVISOR = 64;

/** Temperatures of thermal recordings, which a wrong divisor throws far off. */
export const thermalValues: Check = {
  name: "thermal-values",
  codes: ["THERMAL_TEMPERATURE_IMPLAUSIBLE"],
  *check({ streams, config }) {
    for (const report of streams) {
      if (report.stream.kind !== "thermal" && report.stream.kind !== "thermal_table") continue;
      const temperatures = report.columns.filter((_, index) => {
        const spec = report.schema.columns[index];
        return spec?.unit === "degC" && quantityOf(spec)?.name.includes("temperature") === true;
      });
      const low = Math.min(...temperatures.map(({ min }) => min).filter(Number.isFinite));
      const high = Math.max(...temperatures.map(({ max }) => max).filter(Number.isFinite));
      if (!(low < LOWEST || high > HIGHEST)) continue;
      if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
      const divisor = config.thermalDivisor ?? USUAL_DIVISOR;
      yield createIssue("THERMAL_TEMPERATURE_IMPLAUSIBLE", {
        low: rounded(low),
        high: rounded(high),
        divisor,
      }, streamPlace(report));
    }
  },
};
