/** Bytes of a configuration that are looked at. */
type Configuration = DataView;

/** What each kind of configuration box adds to the codec string. */
const DESCRIBERS: Readonly<Record<string, (view: Configuration) => string>> = {
  avcC: describeAvc,
  hvcC: describeHevc,
  av1C: describeAv1,
  vpcC: describeVp,
  esds: describeMpeg4,
};

/** Whether a box configures a decoder and tells the codec string more than the sample entry does. */
export function describesCodec(type: string): boolean {
  return Object.hasOwn(DESCRIBERS, type);
}

/**
 * The codec as written in RFC 6381 and its extensions: the type of the sample entry and what its
 * configuration adds. Throws `RangeError` when the configuration is cut off.
 */
export function codecString(entry: string, box: string, configuration: DataView): string {
  const describe = DESCRIBERS[box];
  return describe === undefined ? entry : entry + describe(configuration);
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Profile, constraints and level, ISO/IEC 14496-15 5.3.3. */
function describeAvc(view: Configuration): string {
  return `.${hex(view.getUint8(1))}${hex(view.getUint8(2))}${hex(view.getUint8(3))}`;
}

/** Profile, compatibility, tier with level, and constraint bytes, ISO/IEC 14496-15 annex E.3. */
function describeHevc(view: Configuration): string {
  const first = view.getUint8(1);
  const space = ["", "A", "B", "C"][first >> 6]!;
  const tier = first & 0x20 ? "H" : "L";
  const compatibility = reverseBits(view.getUint32(2)).toString(16);
  const constraints = [6, 7, 8, 9, 10, 11].map((byte) => view.getUint8(byte));
  while (constraints.at(-1) === 0) constraints.pop();
  const tail = constraints.map((byte) => `.${byte.toString(16)}`).join("");
  return `.${space}${first & 0x1f}.${compatibility}.${tier}${view.getUint8(12)}${tail}`;
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = (reversed << 1) | ((value >>> bit) & 1);
  return reversed >>> 0;
}

/** Profile, level, tier and bit depth, AV1 in ISOBMFF 5. */
function describeAv1(view: Configuration): string {
  const [first, second] = [view.getUint8(1), view.getUint8(2)];
  const tier = second & 0x80 ? "H" : "M";
  const high = (second & 0x40) !== 0;
  const depth = high && second & 0x20 ? 12 : high ? 10 : 8;
  return `.${first >> 5}.${twoDigits(first & 0x1f)}${tier}.${twoDigits(depth)}`;
}

/** Profile, level and bit depth, VP codecs in ISOBMFF. */
function describeVp(view: Configuration): string {
  const values = [view.getUint8(4), view.getUint8(5), view.getUint8(6) >> 4];
  return values.map((value) => `.${twoDigits(value)}`).join("");
}

/** Object type, ISO/IEC 14496-1 7.2.6: found behind the headers of two descriptors. */
function describeMpeg4(view: Configuration): string {
  let at = skipDescriptorHeader(view, 4, 3) + 2;
  const flags = view.getUint8(at++);
  if (flags & 0x80) at += 2;
  if (flags & 0x40) at += 1 + view.getUint8(at);
  if (flags & 0x20) at += 2;
  return `.${hex(view.getUint8(skipDescriptorHeader(view, at, 4)))}`;
}

/** Skips a tag and its length of up to four bytes. Throws `RangeError` when it is another tag. */
function skipDescriptorHeader(view: Configuration, start: number, tag: number): number {
  if (view.getUint8(start) !== tag) {
    throw new RangeError(`Cannot find descriptor ${tag}: its tag is another`);
  }
  let at = start + 1;
  for (let count = 0; count < 3 && view.getUint8(at) & 0x80; count++) at++;
  return at + 1;
}
