/** `inktrap jobs`: what was sent to be printed. */
import { DataFolder } from "../data-folder.ts";
import { openQuestions } from "../questions.ts";
import { bold, dim, oneLine, print, size, table, when } from "../terminal.ts";

export interface JobsOptions {
  data: string;
  json?: boolean;
  limit: number;
}

export async function jobs(options: JobsOptions): Promise<void> {
  const questions = await openQuestions(new DataFolder(options.data));
  try {
    const { jobs: found } = await questions.ask("jobs", { limit: options.limit });
    if (options.json) {
      print(JSON.stringify(found, undefined, 2));
      return;
    }
    if (found.length === 0) {
      print("Nothing was printed yet. npx inktrap cases tells who came.");
      return;
    }
    const rows = found.map((job) => [
      job.id,
      when(job.time),
      job.source,
      job.kind === "job" ? job.language : `stray: ${job.language}`,
      size(job.bytes),
      `${job.sha256.slice(0, 12)}…${job.complete ? "" : ", in part"}`,
      job.name === null ? dim("no title") : oneLine(job.name, 40),
      job.user === null ? dim("no user") : oneLine(job.user, 24),
    ]);
    const [first, ...rest] = table(
      [["job", "when", "source", "what", "size", "SHA-256", "title", "user"], ...rows],
      [4],
    );
    print(dim(first!));
    for (const line of rest) print(line);
    print(`\n${bold(`npx inktrap show ${found[0]!.id}`)}`);
  } finally {
    await questions.close();
  }
}
