/** Decodes the file named first by the decoder named second, as many frames as the third says, and prints what came of it. */
import { openVideo, renderIssue } from "session-process";
import { openFileFolder } from "session-process/runtime";
import { videoDecoders } from "session-process/video";

const [path = "", decoder, most] = Deno.args;
if (decoder !== "auto" && decoder !== "embedded" && decoder !== "ffmpeg") {
  throw new Error(`No such decoder: ${decoder}`);
}
const issues: string[] = [];
const source = await openVideo(openFileFolder(path), path.slice(path.lastIndexOf("/") + 1), {
  decoders: videoDecoders({ decoder }),
  report: (issue) => void issues.push(`${issue.code} ${renderIssue(issue)}`),
});
let count = 0;
for await (const _ of source?.frames({ to: most === undefined ? Infinity : Number(most) }) ?? []) {
  count++;
}
const line = source === undefined ? `none ${issues.at(-1)}` : `${count} ${source.decoder}`;
Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
