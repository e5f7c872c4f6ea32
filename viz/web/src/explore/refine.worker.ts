// Refines positions off the main thread.
import { refine, type Task } from "./refine";

self.addEventListener("message", (event: MessageEvent<Task>) => {
  refine(event.data, (xy, done) => self.postMessage({ xy, done }));
});
