import { describe, expect, it } from 'vitest';
import { requireExcuse, type ServerWatch } from './server-watch.ts';

const quiet: ServerWatch = { hasBeenAway: () => false, hasDiskFailed: () => false };
const away: ServerWatch = { ...quiet, hasBeenAway: () => true };
const ailing: ServerWatch = { ...quiet, hasDiskFailed: () => true };

const asking = (watch: ServerWatch, code: string) => (): void => requireExcuse(watch, 'query', code);

describe('a server that says 503', () => {
  it.each(['STEME_CLOSED', 'STEME_NOT_READY'])('must have been away to say %s', (code) => {
    expect(asking(away, code)).not.toThrow();
    for (const other of [quiet, ailing]) expect(asking(other, code)).toThrow('nothing has happened to it');
  });

  it.each(['STEME_KV_IO', 'STEME_WAL_POISONED', 'STEME_INGEST_STOPPED'])(
    'must have a disk that failed to say %s',
    (code) => {
      expect(asking(ailing, code)).not.toThrow();
      for (const other of [quiet, away]) expect(asking(other, code)).toThrow('nothing has happened to it');
    },
  );

  it('may be busy whenever it likes', () => {
    expect(asking(quiet, 'STEME_WAL_BUSY')).not.toThrow();
  });

  it.each(['STEME_KV_CLOSED', 'STEME_WAL_CLOSED', 'STEME_INVARIANT', 'anything'])('never says %s', (code) => {
    for (const watch of [quiet, away, ailing]) expect(asking(watch, code)).toThrow('nothing has happened');
  });
});
