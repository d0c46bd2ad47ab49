/**
 * Where the engine asks its port `Sites`, by label, and what it does when one fires. Each is a thing that it might do
 * anyway: under other options, at another load, after a call that had to be repeated.
 */
export const sites: Readonly<Record<string, string>> = {
  'wal.group-of-one': 'a group takes the first append in line, and leaves the others to the next',
  'wal.seal-early': 'a segment is sealed though it has room',
  'wal.sync-unasked': 'a group is synced that nobody asked to be',
  'wal.dawdle-before-sync': 'others have a turn between the write of a group and its sync',
  'wal.watermark-at-once':
    'the log proves its end as soon as nothing waits, rather than when it has been idle',
  'wal.queue-full': 'the queue of appends says that it is full, while something is in it',
  'wal.small-chunks': 'recovery and readers ask the disk for no more than they need next',
  'wal.reopen-segment': 'a reader opens its segment anew',
  'kv.group-of-one': 'a group takes one batch, and leaves the others to the next',
  'kv.dawdle-before-apply': 'others have a turn while a batch is in the log and not yet in memory',
  'kv.flush-early': 'a memory table is sealed though it has room',
  'kv.compact-early': 'all runs are merged after a flush',
  'kv.dawdle-before-manifest': 'others have a turn while a run is durable and no manifest names it',
  'kv.block-early': 'a block of a run ends though it has room',
  'kv.write-piecemeal': 'what a run has so far is written at once',
  'kv.filter-says-maybe': 'a filter does not rule out a key that a block has not',
  'kv.read-block-again': 'a block is read though it is in the cache',
  'kv.cache-nothing': 'a block that was read is not kept',
  'ingest.chunk-of-one': 'records are judged and applied one by one',
  'ingest.look-twice': 'the effects of a chunk are found, forgotten and found again',
  'ingest.dawdle-before-apply': 'others have a turn between the verdict on a chunk and its batch',
  'ingest.checkpoint-early': 'the cursor is made durable, and the log below it given back',
  'views.rest-not': 'the next pass over the views begins at once',
  'views.one-mark': 'marks are read one at a time',
  'views.refresh-twice': 'views are made once more before their mark goes',
  'query.dawdle': 'others have a turn while a question holds its snapshot',
  'query.skip-view': 'a question is answered from the claims, whatever views there are',
  'submit.look-not': 'what is submitted is not compared with what is stored: ingest will find a collision',
  'access.turn-away': 'a key is told to come again (429), once',
};
