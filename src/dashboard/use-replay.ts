import { useEffect, useState } from 'react';
import type { Replayed, RunFile } from '../explore/index.ts';
import type { ReplayStatus } from './failure-view.tsx';

/** Has a run played again as soon as there is a file of it, and again once it has been minimized. */
export function useReplay(
  file: RunFile | undefined,
  replay: (file: RunFile) => Promise<Replayed | undefined>,
): ReplayStatus {
  const [known, setKnown] = useState<{ readonly file: RunFile; readonly status: ReplayStatus }>();
  const [failure, setFailure] = useState<Error>();
  useEffect(() => {
    if (file === undefined) return undefined;
    let isWanted = true;
    replay(file).then(
      (replayed) => isWanted && setKnown({ file, status: replayed ?? 'gone' }),
      (error: Error) => isWanted && setFailure(error),
    );
    return () => {
      isWanted = false;
    };
  }, [file, replay]);
  // For whoever has opened the dashboard: nothing here could mend it.
  if (failure !== undefined) throw failure;
  return known !== undefined && known.file === file ? known.status : 'loading';
}
