import type { ReadTime } from "./date_times.ts";
import type { MetadataVariant } from "./model.ts";

/** A time of the metadata with the key it stood under. */
export interface FactTime {
  readonly key: string;
  readonly time: ReadTime;
}

/** A device as the metadata describe it. */
export interface DeviceFacts {
  readonly id: string;
  readonly type?: string;
  readonly status?: string;
  readonly capabilities: readonly string[];
  readonly added?: FactTime;
  /** Keys that are not understood, as text. */
  readonly details: Readonly<Record<string, string>>;
}

/** A file as the metadata list it. */
export interface FileFacts {
  /** Device id; empty when the metadata name none. */
  readonly device: string;
  readonly type: string;
  readonly target: string;
  readonly size?: number;
  readonly created?: FactTime;
}

/** What one metadata file says, whatever its layout. */
export interface MetadataFacts {
  readonly path: string;
  readonly variant: MetadataVariant;
  readonly id?: string;
  readonly name?: string;
  readonly status?: string;
  readonly start?: FactTime;
  readonly end?: FactTime;
  readonly durationSeconds?: number;
  readonly devices: readonly DeviceFacts[];
  readonly files: readonly FileFacts[];
  /** Keys that are not understood, as text. */
  readonly details: Readonly<Record<string, string>>;
}
