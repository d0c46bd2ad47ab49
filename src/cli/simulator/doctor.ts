import { open, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandModule } from 'yargs';

export function doctorCommand(exit: (code: number) => void): CommandModule {
  return {
    command: 'doctor',
    describe: 'Check that this machine can simulate, and serve, faithfully',
    handler: async () => exit(await doctor()),
  };
}

interface Check {
  readonly name: string;
  /** What was found; throws with what to do when it is not good. */
  examine(): Promise<string>;
}

const nodeLeast = [20, 19] as const;

const checks: readonly Check[] = [
  {
    name: 'Node.js',
    examine: async () => {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      if (major < nodeLeast[0] || (major === nodeLeast[0] && minor < nodeLeast[1])) {
        throw new Error(`${process.version} is too old: install Node.js ${nodeLeast.join('.')} or newer.`);
      }
      return process.version;
    },
  },
  {
    name: 'microtask drain',
    examine: async () => {
      const { enterMacrotask, synchronousDrain } = await import('../../sim/index.ts');
      const works = await new Promise<boolean>((resolve) => {
        enterMacrotask(() => resolve(synchronousDrain() !== undefined));
      });
      return works ? 'synchronous' : 'asynchronous: slower by half, equally sound';
    },
  },
  {
    name: 'generator',
    examine: async () => {
      const { tycheiStream } = await import('../../sim/index.ts');
      const stream = tycheiStream('doctor');
      const drawn = [stream.below(1000), stream.below(1000), stream.below(1000)].join(' ');
      if (drawn !== '810 522 158') throw new Error(`tychei drew ${drawn}: reinstall with "npm ci".`);
      return 'tychei as recorded';
    },
  },
  {
    name: 'signatures',
    examine: async () => {
      const { nobleSignatures, nodeSignatures } = await import('../../crypto/index.ts');
      const secret = new Uint8Array(32).fill(7);
      const message = new Uint8Array([1, 2, 3]);
      const signature = nodeSignatures.sign(message, secret);
      if (!nobleSignatures.verify(signature, message, nodeSignatures.publicKey(secret))) {
        throw new Error(
          'node:crypto and @noble/ed25519 disagree: reinstall with "npm ci", or use another Node.js build.',
        );
      }
      return 'both implementations agree';
    },
  },
  {
    name: 'determinism',
    examine: async () => {
      const { findDivergence, loadCatalogue, play, planRun } = await import('../../explore/index.ts');
      const catalogue = await loadCatalogue();
      for (const arena of catalogue.arenas.values()) {
        for (const scenario of arena.scenarios) {
          const plan = planRun({ seed: '1', pairs: [{ arena: arena.name, scenario }] }, 0);
          const { record } = await play(catalogue, plan);
          if ((await findDivergence(catalogue, plan, record.digest)) !== undefined) {
            throw new Error(
              `${arena.name} × ${scenario} differs: "run ${arena.name} --seed 1 --check-determinism" says where.`,
            );
          }
        }
      }
      return 'two plays of each arena, the same digests';
    },
  },
  {
    name: 'fsync of folders',
    examine: async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'stemedb-doctor-'));
      try {
        const handle = await open(folder, 'r');
        await handle.sync();
        await handle.close();
      } finally {
        await rm(folder, { recursive: true });
      }
      return 'names can be made durable here';
    },
  },
];

async function doctor(): Promise<number> {
  const { exitCodes } = await import('../../explore/exit-code.ts');
  const { styleFor } = await import('../../report/index.ts');
  const style = styleFor(process.stdout, process.env);
  let sound = true;
  for (const { name, examine } of checks) {
    try {
      process.stdout.write(` ${style('green', '✓')} ${name.padEnd(18)} ${await examine()}\n`);
    } catch (error) {
      sound = false;
      process.stdout.write(` ${style('red', '✗')} ${name.padEnd(18)} ${(error as Error).message}\n`);
    }
  }
  return sound ? exitCodes.held : exitCodes.simulatorBug;
}
