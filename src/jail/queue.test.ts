import { expect, it } from "vitest";
import { JailQueue } from "./queue.ts";

/** A task that ends when it is told to. */
function task(): { run: () => Promise<string>; finish: (word: string) => void; begun: () => boolean } {
  let begun = false;
  let finish!: (word: string) => void;
  const done = new Promise<string>((resolve) => (finish = resolve));
  return { run: () => ((begun = true), done), finish, begun: () => begun };
}

it("does one after the other, in their order", async () => {
  const queue = new JailQueue();
  const [a, b] = [task(), task()];
  const [first, second] = [queue.add(a.run), queue.add(b.run)];
  expect([a.begun(), b.begun()]).toEqual([true, false]);
  expect(queue.state).toMatchObject({ running: 1, waiting: 1, done: 0, dropped: 0 });
  a.finish("a");
  expect(await first).toBe("a");
  b.finish("b");
  expect(await second).toBe("b");
  expect(queue.state).toMatchObject({ running: 0, waiting: 0, done: 2 });
});

it("does not grow: what has waited longest gives way", async () => {
  const queue = new JailQueue({ most: 3 });
  const running = task();
  void queue.add(running.run);
  const waiting = Array.from({ length: 10 }, (_, n) => queue.add(() => Promise.resolve(n)));
  expect(queue.state).toMatchObject({ running: 1, waiting: 3, dropped: 7 });
  running.finish("");
  expect(await Promise.all(waiting)).toEqual([null, null, null, null, null, null, null, 7, 8, 9]);
});

it("goes on after a task that fails", async () => {
  const queue = new JailQueue();
  const failed = queue.add(() => Promise.reject(new Error("no")));
  const next = queue.add(() => Promise.resolve(1));
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe(1);
});

it("does several at once where it may", () => {
  const queue = new JailQueue({ atOnce: 2 });
  for (let n = 0; n < 5; n++) void queue.add(task().run);
  expect(queue.state).toMatchObject({ running: 2, waiting: 3 });
});

it("tells what runs to stop when it is closed, and takes nothing more", async () => {
  const queue = new JailQueue();
  const running = queue.add(
    (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped"))),
  );
  const waiting = queue.add(() => Promise.resolve("never"));
  queue.close();
  expect(await Promise.all([running, waiting, queue.add(() => Promise.resolve(1))])).toEqual(["stopped", null, null]);
});

it("knows what stands around the children", async () => {
  const queue = new JailQueue();
  await expect.poll(() => queue.state.walls).toMatch(/^(bubblewrap|none)$/);
});
