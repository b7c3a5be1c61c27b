/** Decodes the file named first by the decoder named second and prints what came of it. */
import { openVideo, renderIssue } from "session-process";
import { openFileFolder } from "session-process/runtime";
import { videoDecoders } from "session-process/video";

const [path = "", decoder] = Deno.args;
if (decoder !== "auto" && decoder !== "embedded") throw new Error(`No such decoder: ${decoder}`);
const issues: string[] = [];
const source = await openVideo(openFileFolder(path), path.slice(path.lastIndexOf("/") + 1), {
  decoders: videoDecoders({ decoder }),
  report: (issue) => void issues.push(`${issue.code} ${renderIssue(issue)}`),
});
let count = 0;
for await (const _ of source?.frames() ?? []) count++;
const line = source === undefined ? `none ${issues.at(-1)}` : `${count} ${source.decoder}`;
Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
