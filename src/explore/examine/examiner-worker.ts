import { parentPort, workerData } from 'node:worker_threads';
import type { MinimizeProgress } from '../minimize/index.ts';
import type {
  Examination,
  ExaminerInput,
  Findings,
  MinimizeOutcome,
  Request,
  Response,
} from './examination.ts';

/** So often is somebody told who watches. */
const progressMs = 200;

const { mutant, stop } = workerData as ExaminerInput;
const stopWord = new Int32Array(stop);

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (mutant !== undefined) {
  const { plantMutant } = await import('../mutants/plant.ts');
  await plantMutant(mutant);
}
const { loadCatalogue } = await import('../catalogue.ts');
const { minimizeRunFile, MinimizeError, NondeterminismError } = await import('../minimize/index.ts');
const { recordRun } = await import('../recorded-run.ts');
const { replayStates } = await import('../replay-states.ts');
const catalogue = await loadCatalogue();

const post = (response: Response): void => parentPort?.postMessage(response);
let last = Promise.resolve();

// One after the other: each wants the processor for itself. What is thrown ends the thread, and the examiner hears.
parentPort?.on('message', ({ call, examination }: Request) => {
  last = last.then(async () => {
    post({ call, finding: await examine(examination, (progress) => post({ call, progress })) });
  });
});

async function examine(
  examination: Examination,
  onProgress: (progress: MinimizeProgress) => void,
): Promise<Findings[keyof Findings]> {
  switch (examination.kind) {
    case 'record':
      return recordRun(catalogue, examination.record, mutant);
    case 'minimize':
      return minimized(examination, onProgress);
    case 'replay':
      return replayStates(catalogue, examination.file);
  }
}

async function minimized(
  { file, jobs }: Examination & { readonly kind: 'minimize' },
  onProgress: (progress: MinimizeProgress) => void,
): Promise<MinimizeOutcome> {
  let toldMs = 0;
  try {
    return {
      file: await minimizeRunFile(catalogue, file, {
        jobs,
        stop: () => Atomics.load(stopWord, 0) !== 0,
        onProgress: (progress) => {
          if (performance.now() - toldMs < progressMs) return;
          toldMs = performance.now();
          onProgress(progress);
        },
      }),
    };
  } catch (error) {
    if (!(error instanceof NondeterminismError || error instanceof MinimizeError)) throw error;
    return { refusal: error.message, isDivergent: error instanceof NondeterminismError };
  }
}
