import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import { defineArena } from 'stemedb-sim';
import { play, properties, scenarios, type State } from './shared/application.ts';

export default defineArena({
  name: 'lowdb',
  summary: 'lowdb 7, as it comes, writes its file over and over, and the machine crashes',
  scenarios,
  properties,
  markers: [],
  play: (context) =>
    play(context, async (initial) => {
      // Not JSONFilePreset, which keeps everything in memory where NODE_ENV is "test".
      const db = new Low(new JSONFile<State>('/db.json'), initial);
      await db.read();
      return db;
    }),
});
