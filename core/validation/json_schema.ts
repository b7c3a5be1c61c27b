/** The part of JSON Schema 2020-12 that the schemas of this project use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type: "object" | "array" | "string" | "number" | "boolean";
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly exclusiveMinimum?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Report = (reason: string) => void;

/**
 * Returns what of a JSON value fits a schema. What does not fit is reported and left out: a member, an element,
 * or, when nothing else can be done, the value itself, which then is undefined.
 *
 * @param at Name of the value in the reports.
 */
export function pruneToSchema(
  value: unknown,
  schema: JsonSchema,
  report: Report,
  at = "",
): unknown {
  const found = typeName(value);
  if (found !== schema.type) {
    report(`${at === "" ? "The file" : at} must be ${article(schema.type)}, but is ${found}`);
    return undefined;
  }
  if (Array.isArray(value)) return pruneArray(value, schema, report, at);
  if (schema.type === "object") return pruneObject(value as object, schema, report, at);
  const fault = scalarFault(value, schema);
  if (fault === undefined) return value;
  report(`${at} must be ${fault}, but is ${JSON.stringify(value)}`);
  return undefined;
}

function pruneArray(
  values: readonly unknown[],
  schema: JsonSchema,
  report: Report,
  at: string,
): unknown[] {
  const { items } = schema;
  if (items === undefined) return [...values];
  return values
    .map((value, index) => pruneToSchema(value, items, report, `${at}[${index}]`))
    .filter((value) => value !== undefined);
}

function pruneObject(
  value: object,
  { properties = {}, required = [] }: JsonSchema,
  report: Report,
  at: string,
): object | undefined {
  const kept = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    const path = at === "" ? key : `${at}.${key}`;
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined) {
      report(`${path} is not a known key`);
      continue;
    }
    const pruned = pruneToSchema(member, schema, report, path);
    if (pruned !== undefined) kept.set(key, pruned);
  }
  const lacking = required.filter((key) => !kept.has(key));
  for (const key of lacking.filter((key) => !Object.hasOwn(value, key))) {
    report(`${at === "" ? key : `${at}.${key}`} is missing`);
  }
  return lacking.length > 0 ? undefined : Object.fromEntries(kept);
}

function scalarFault(value: unknown, schema: JsonSchema): string | undefined {
  if (typeof value === "string") return stringFault(value, schema);
  return typeof value === "number" ? numberFault(value, schema) : undefined;
}

function stringFault(value: string, schema: JsonSchema): string | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return `one of ${schema.enum.join(", ")}`;
  }
  if (value.length < (schema.minLength ?? 0)) return "a text that is not empty";
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    return schema.description ?? `a text that matches ${schema.pattern}`;
  }
  return undefined;
}

function numberFault(value: number, schema: JsonSchema): string | undefined {
  const { exclusiveMinimum, minimum, maximum } = schema;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return `above ${exclusiveMinimum}`;
  }
  if (minimum !== undefined && value < minimum) return `at least ${minimum}`;
  if (maximum !== undefined && value > maximum) return `at most ${maximum}`;
  return undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function article(type: JsonSchema["type"]): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
