import { Journal, type JournalOptions, type JournalPorts } from '../wal/index.ts';
import type { StoreLog } from './store-log.ts';

/** A journal as the log of a store; see `OpenStoreLog` for what `neededFrom` means. */
export async function openJournalLog(
  ports: JournalPorts,
  directory: string,
  options: JournalOptions,
  neededFrom: number,
): Promise<StoreLog> {
  const journal = await Journal.open(ports, directory, options, { checkpoint: neededFrom, neededFrom });
  return {
    get durableOffset() {
      return journal.durableOffset.value;
    },
    append: (body, { sync }) => journal.append(body, { sync }),
    sync: () => journal.sync(),
    reader: (fromOffset) => journal.reader(fromOffset),
    cleanup: async (belowOffset) => {
      await journal.cleanup(belowOffset);
    },
    close: () => journal.close(),
  };
}
