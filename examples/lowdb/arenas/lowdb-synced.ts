import { open, readFile, rename } from 'node:fs/promises';
import { type Adapter, Low } from 'lowdb';
import { defineArena } from 'stemedb-sim';
import { play, properties, scenarios, type State } from './shared/application.ts';

/** An adapter for lowdb that syncs the new file before it takes the place of the old, and the folder after. */
class SyncedJSONFile implements Adapter<State> {
  async read(): Promise<State | null> {
    try {
      return JSON.parse(await readFile('/db.json', 'utf8')) as State;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async write(state: State): Promise<void> {
    const file = await open('/.db.json.tmp', 'w');
    try {
      await file.writeFile(JSON.stringify(state));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename('/.db.json.tmp', '/db.json');
    const folder = await open('/', 'r');
    await folder.sync();
    await folder.close();
  }
}

export default defineArena({
  name: 'lowdb-synced',
  summary: 'the same with an adapter that syncs before it renames',
  scenarios,
  properties,
  markers: [],
  play: (context) =>
    play(context, async (initial) => {
      const db = new Low(new SyncedJSONFile(), initial);
      await db.read();
      return db;
    }),
});
