import { describe, expect, it } from 'vitest';
import { LogUnderFire } from './crash.test-support.ts';

describe('a log that is killed and loses power again and again', () => {
  it.each(['strict', 'ext4-ordered', 'kill'])(
    'keeps what it acknowledged and holds a prefix of the rest (%s)',
    async (profile) => {
      for (let seed = 0; seed < 30; seed += 1) await live(`${profile} ${seed}`, profile);
    },
  );
});

async function live(seed: string, profile: string): Promise<void> {
  const log = new LogUnderFire(seed, profile);
  try {
    for (let lives = 0; lives < 8; lives += 1) await log.life();
    await log.inspect();
  } catch (error) {
    throw new Error(`seed "${seed}": ${String(error)}`, { cause: error });
  }
}
