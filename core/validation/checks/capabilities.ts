import { createIssue } from "../../base/mod.ts";
import type { StreamKind } from "../../session/mod.ts";
import type { Check, CheckContext } from "../check.ts";
import { quantityOf } from "../quantities.ts";

/** What shows that a capability was used: a stream of a kind, or a column of a quantity. */
interface Evidence {
  readonly kinds: readonly StreamKind[];
  readonly quantities: readonly string[];
}

const VIDEO: Evidence = { kinds: ["rgb_video", "webcam_video"], quantities: [] };
const THERMAL: Evidence = { kinds: ["thermal", "thermal_video", "thermal_table"], quantities: [] };
const GSR: Evidence = { kinds: ["gsr"], quantities: ["skin conductance", "skin resistance"] };
const MOTION: Evidence = { kinds: ["motion"], quantities: ["acceleration", "angular rate"] };

const EVIDENCE: Readonly<Record<string, Evidence>> = {
  rgb_video: VIDEO,
  webcam_video: VIDEO,
  video_recording: VIDEO,
  camera: VIDEO,
  thermal: THERMAL,
  thermal_video: THERMAL,
  gsr_data: GSR,
  shimmer: GSR,
  motion_data: MOTION,
  audio_recording: { kinds: ["audio"], quantities: [] },
};

/** Devices that were to record something of which there is no stream. */
export const capabilities: Check = {
  name: "capabilities",
  codes: ["CAPABILITY_WITHOUT_STREAM"],
  *check(context) {
    for (const { id, capabilities } of context.session.devices) {
      const hasFiles = context.session.files.some(({ device, role }) =>
        device === id && role === "recording"
      );
      if (!hasFiles) continue;
      for (const capability of capabilities) {
        const evidence = Object.hasOwn(EVIDENCE, capability) ? EVIDENCE[capability] : undefined;
        if (evidence === undefined || isShown(context, id, evidence)) continue;
        yield createIssue("CAPABILITY_WITHOUT_STREAM", { device: id, capability }, { device: id });
      }
    }
  },
};

function isShown(context: CheckContext, device: string, evidence: Evidence): boolean {
  const ofDevice = (one: { readonly device: string }) => one.device === device;
  const files = context.session.files.filter((file) => file.device === device);
  const kinds = [...context.session.streams.filter(ofDevice), ...files].map(({ kind }) => kind);
  if (kinds.some((kind) => kind !== undefined && evidence.kinds.includes(kind))) return true;
  const columns = context.streams.filter(({ stream }) => ofDevice(stream))
    .flatMap(({ schema }) => schema.columns);
  return columns.some((column) => evidence.quantities.includes(quantityOf(column)?.name ?? ""));
}
