import { parentPort, workerData } from 'node:worker_threads';
import type { RunFile } from '../../explore/index.ts';
import { playAgain } from './replay.ts';

const { trace } = await playAgain(workerData as RunFile, 'strict', true);
parentPort?.postMessage({ steps: trace?.steps ?? [], notes: trace?.notes ?? [] });
