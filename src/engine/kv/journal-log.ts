import { Journal, type JournalOptions, type JournalPorts } from '../wal/index.ts';
import type { JudgedStoreLog, StoreLog } from './store-log.ts';

/** A journal as the log of a store; see `JudgeStoreLog` for what `neededFrom` means. */
export async function judgeJournalLog(
  ports: JournalPorts,
  directory: string,
  options: JournalOptions,
  neededFrom: number,
): Promise<JudgedStoreLog> {
  const judged = await Journal.judge(ports, directory, options, { checkpoint: neededFrom, neededFrom });
  return {
    endOffset: judged.endOffset,
    reader: (fromOffset) => judged.reader(fromOffset),
    open: async () => storeLogOf(await Journal.openJudged(judged)),
  };
}

function storeLogOf(journal: Journal): StoreLog {
  return {
    get durableOffset() {
      return journal.durableOffset.value;
    },
    append: (body, { sync }) => journal.append(body, { sync }),
    sync: () => journal.sync(),
    cleanup: async (belowOffset) => {
      await journal.cleanup(belowOffset);
    },
    close: () => journal.close(),
  };
}
