import type { ColumnSpec, StreamSchema } from "../../base/mod.ts";

/** How the values of an XDF stream are stored. */
export type XdfExportFormat = "double64" | "int64" | "string";

/** A stream of an XDF file that takes some columns of a stream. */
export interface XdfPart {
  /** Id of its chunks. */
  readonly id: number;
  readonly name: string;
  readonly format: XdfExportFormat;
  /** Indices of the columns. */
  readonly columns: readonly number[];
  /** The standard uncertainty of each time is a channel behind the columns. */
  readonly hasSigma: boolean;
}

/**
 * The XDF streams of a stream: all values of an XDF stream have one format. Texts go into a stream of their own, so
 * do integers of 64 bits where nothing else is; all other numbers become doubles.
 *
 * @param firstId Id of the first of them; the others follow.
 */
export function layOut({ name, columns }: StreamSchema, firstId: number): XdfPart[] {
  const all = columns.map((column, index) => ({ ...column, index }));
  const texts = all.filter(({ kind }) => kind === "text").map(({ index }) => index);
  const numbers = all.filter(({ kind }) => kind !== "text");
  const isWhole = numbers.length > 0 && numbers.every(({ kind }) => kind === "i64");
  const parts: Omit<XdfPart, "id">[] = [];
  if (numbers.length > 0 || texts.length === 0) {
    parts.push({
      name,
      format: isWhole ? "int64" : "double64",
      columns: numbers.map(({ index }) => index),
      hasSigma: !isWhole,
    });
  }
  if (texts.length > 0) {
    const ownName = parts.length === 0 ? name : `${name}_text`;
    parts.push({ name: ownName, format: "string", columns: texts, hasSigma: false });
  }
  return parts.map((part, index) => ({ ...part, id: firstId + index }));
}

/** Labels and units of the channels of a part. */
export function channelsOf(
  { columns, hasSigma }: XdfPart,
  schema: StreamSchema,
): Pick<ColumnSpec, "name" | "unit">[] {
  const own = columns.map((index) => schema.columns[index]!);
  return hasSigma ? [...own, { name: "time_uncertainty", unit: "s" }] : own;
}
