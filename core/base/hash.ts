/** A SHA-256 hash in progress (FIPS 180-4). */
export interface Sha256 {
  /** Adds bytes. */
  update(bytes: Uint8Array): void;
  /** Ends the hash and returns it as 64 hexadecimal digits. */
  hex(): string;
}

/** Starts a hash; core is given one by whoever runs it. */
export type StartSha256 = () => Sha256;
