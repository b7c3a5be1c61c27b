import type { FolderSink } from "../../base/mod.ts";
import type { SimulatedClock } from "../clock.ts";
import { floorDivide, MillisecondStamps } from "../clock_stamp.ts";
import type { Clocks } from "../context.ts";
import type { DevicePlan, SimulationPlan, ThermalPlan } from "../plan.ts";
import { writeJson, writeText } from "./json.ts";

/** When a phone opens its own session, ns after the start. */
const PHONE_START_NS = 70_000_000;

/** One-way delay that the phone's offset estimate takes for offset, in ms. */
const SYNC_BIAS_MS = 3;

/** Writes what a phone keeps beside its recordings: its configuration and its sync markers. */
export async function writePhoneFiles(
  plan: SimulationPlan,
  device: DevicePlan,
  clocks: Clocks,
  folder: FolderSink,
): Promise<void> {
  const phone = clocks.hostOf(device);
  const config = sessionConfig(plan, device, phone);
  await writeJson(folder, `devices/${device.id}/session_config.json`, config);
  await writeMarkers(plan, device, { phone, clocks, session: config.session_id }, folder);
}

interface MarkerContext {
  readonly phone: SimulatedClock;
  readonly clocks: Clocks;
  readonly session: string;
}

async function writeMarkers(
  plan: SimulationPlan,
  device: DevicePlan,
  { phone, clocks, session }: MarkerContext,
  folder: FolderSink,
): Promise<void> {
  const phoneMs = new MillisecondStamps(phone);
  const pcMs = new MillisecondStamps(clocks.pcUtc);
  let number = 0;
  for (const event of plan.events) {
    if (event.kind !== "flash") continue;
    const trueNs = Math.round(event.atSeconds * 1e9);
    const id = `flash_${++number}`;
    const lines = [
      `sync_id=${id}`,
      `duration_ms=${Math.round(event.seconds * 1000)}`,
      `device_time=${phoneMs.at(trueNs)}`,
      `synced_time=${pcMs.at(trueNs) - SYNC_BIAS_MS}`,
      `session_id=${session}`,
      "recording_active=true",
    ];
    const name = `flash_sync_${id}_${phoneMs.at(trueNs)}.txt`;
    await writeText(folder, `devices/${device.id}/sync_markers/${name}`, `${lines.join("\n")}\n`);
  }
}

/** The phone names its sessions by its own clock; its zone is taken to be that of the PC. */
function sessionConfig(plan: SimulationPlan, device: DevicePlan, phone: SimulatedClock) {
  const reading = phone.readingAt(PHONE_START_NS);
  const ms = Number(floorDivide(reading, 1_000_000n));
  const local = new Date(ms + plan.zoneMinutes * 60_000);
  const stamp = local.toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");
  const thermal = device.streams.find((stream) => stream.kind === "thermal");
  return {
    session_id: `session_${stamp}`,
    start_time: ms,
    timestamp: javaDate(local, plan.zoneMinutes),
    thermal_camera: thermalCamera(thermal),
    folder_structure: {
      rgb_videos: "rgb_videos",
      thermal_videos: "thermal_videos",
      sensor_data: "sensor_data",
    },
  };
}

function thermalCamera(plan: ThermalPlan | undefined) {
  return {
    enabled: plan !== undefined,
    frame_rate: Math.round(plan?.rateHz ?? 25),
    color_palette: "iron",
    temperature_range: "auto",
    emissivity: 0.95,
    auto_calibration: true,
    high_resolution: false,
    temperature_units: "celsius",
    usb_priority: true,
    data_format: "radiometric",
  };
}

/** A date as Java prints it: `Thu Jul 31 14:30:22 GMT+02:00 2025`. */
function javaDate(local: Date, zoneMinutes: number): string {
  const [day, date, month, year] = local.toUTCString().replace(",", "").split(" ");
  const time = local.toISOString().slice(11, 19);
  return `${day} ${month} ${date} ${time} GMT${zoneName(zoneMinutes)} ${year}`;
}

/** Offset of a zone from UTC as `+02:00`. */
export function zoneName(minutes: number): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(size % 60).padStart(2, "0")}`;
}
