import type { Outcome, Task } from "./worker.ts";

/** Gives tasks to workers, each the next when it is done with one, and calls back with what comes. */
export async function runTasks(
  tasks: readonly Task[],
  { workers, use }: { workers: number; use: (outcome: Outcome) => void },
): Promise<void> {
  const waiting = tasks.values();
  const module = new URL("worker.ts", import.meta.url);
  await Promise.all(Array.from({ length: workers }, () => {
    const worker = new Worker(module, { type: "module" });
    return new Promise<void>((resolve, reject) => {
      const next = () => {
        const { value, done } = waiting.next();
        worker.postMessage(done ? "end" : value);
        if (done) resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<Outcome>) => {
        use(data);
        next();
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      next();
    });
  }));
}
