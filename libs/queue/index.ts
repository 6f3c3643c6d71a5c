export { openQueue, type QueueOptions } from './open-queue.js';
export type { QueueTuning } from './queue-tuning.js';
export type { WorkerHandlers, WorkQueue } from './work-queue.js';
