import { type Parked, type Ports, type Task, Watermark } from '../../ports/index.ts';
import { AppendQueue, type AppendReceipt, type QueuedAppend } from './append-queue.ts';
import type { JournalDirectory } from './directory.ts';
import { WalBodyError, WalClosedError, WalPoisonedError } from './errors.ts';
import { GroupEncoder, type GroupMember } from './group.ts';
import { IdleTimer } from './idle-timer.ts';
import type { ResolvedOptions } from './options.ts';
import type { RecoveredLog } from './recovery.ts';
import type { SegmentList } from './segment-list.ts';
import type { ChainPoint } from './segment-walk.ts';
import { newSegment } from './segment-name.ts';
import { SegmentWriter } from './segment-writer.ts';

type CommitterPorts = Pick<Ports, 'clock' | 'entropy' | 'scheduler' | 'sites' | 'telemetry'>;

/**
 * The one task that writes a log. It takes whatever has queued up meanwhile as one group, writes it with
 * one call and makes it durable with one sync.
 *
 * The first failure of any write or sync ends it for good: what a device holds after a failed sync is
 * unknown, and a second sync that succeeds proves nothing. Only recovery can go on from there.
 */
export class Committer {
  /** Where the last durable data record ends; fails when the log is poisoned or closed. */
  readonly durableOffset: Watermark;
  readonly #ports: CommitterPorts;
  readonly #directory: JournalDirectory;
  readonly #options: ResolvedOptions;
  readonly #segments: SegmentList;
  readonly #queue: AppendQueue;
  readonly #encoder: GroupEncoder;
  readonly #idle: IdleTimer;
  readonly #task: Task<void>;
  #writer: SegmentWriter;
  /** Where the log goes on, and where its last data record ends: written, durable or not. */
  #tail: ChainPoint;
  #dataEnd: number;
  /** Everything below has been synced. */
  #syncedThrough: number;
  /** What the last record written says of that. */
  #claimedThrough: number;
  /** A durable header or record says that everything below is durable. */
  #provenThrough: number;
  #inProgress: readonly QueuedAppend[] = [];
  #resting: Parked<void> | undefined;
  #watermarkDue = false;
  #closing = false;
  #poison: { readonly cause: unknown } | undefined;

  constructor(
    ports: CommitterPorts,
    directory: JournalDirectory,
    options: ResolvedOptions,
    segments: SegmentList,
    log: RecoveredLog,
  ) {
    this.#ports = ports;
    this.#directory = directory;
    this.#options = options;
    this.#segments = segments;
    this.#writer = log.writer;
    this.#tail = log.tail;
    this.#dataEnd = log.dataEnd;
    this.#syncedThrough = log.tail.offset;
    this.#claimedThrough = log.tail.offset;
    this.#provenThrough = log.tail.offset;
    this.#queue = new AppendQueue(ports, options.queueBytesMax);
    this.#encoder = new GroupEncoder(options.groupBytesMax + options.sectorBytes);
    this.durableOffset = new Watermark(ports.scheduler, 'durable end of the wal', log.dataEnd);
    this.#idle = new IdleTimer(ports, options.idleWatermarkMs, () => {
      this.#watermarkDue = true;
      this.#wake();
    });
    this.#task = ports.scheduler.spawn('wal committer', () => this.#run());
  }

  /** Where the next record will stand. */
  get tailOffset(): number {
    return this.#tail.offset;
  }

  get closed(): boolean {
    return this.#closing;
  }

  /** Queues a body. Rejects at once when it can be known that it will not be written. */
  append(body: Uint8Array, sync: boolean): Promise<AppendReceipt> {
    const { bodyBytesMax } = this.#options;
    try {
      this.#refuse();
      if (body.length > bodyBytesMax) throw new WalBodyError(body.length, bodyBytesMax);
      const receipt = this.#queue.push(body, sync);
      this.#wake();
      return receipt;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Resolves when everything appended before is durable. */
  async sync(): Promise<void> {
    this.#refuse();
    const done = this.#queue.push(undefined, true);
    this.#wake();
    await done;
  }

  async room(): Promise<void> {
    await this.#queue.room();
    this.#refuse();
  }

  /** Commits what is queued, proves it with a watermark, and gives the file back. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#wake();
    await this.#task.join();
    await this.#idle.stop();
    if (this.#poison !== undefined) throw new WalPoisonedError(true, this.#poison.cause);
  }

  #refuse(): void {
    if (this.#poison !== undefined) throw new WalPoisonedError(false, this.#poison.cause);
    if (this.#closing) throw new WalClosedError();
  }

  #wake(): void {
    const resting = this.#resting;
    if (resting === undefined) return;
    this.#resting = undefined;
    resting.wake();
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        if (!this.#queue.isEmpty) {
          await this.#commit();
        } else if (this.#closing) {
          break;
        } else if (this.#watermarkDue) {
          this.#watermarkDue = false;
          await this.#prove();
        } else {
          this.#resting = this.#ports.scheduler.park('work for the wal committer');
          await this.#resting.promise;
        }
      }
      await this.#prove();
      this.durableOffset.fail(new WalClosedError());
    } catch (error) {
      this.#latch(error);
    }
    await this.#writer.close();
  }

  /** Nothing may come between a failure and this: it runs before any other task can. */
  #latch(cause: unknown): void {
    this.#poison = { cause };
    const error = new WalPoisonedError(true, cause);
    for (const { parked } of this.#inProgress) parked.fail(error);
    this.#queue.fail(error);
    this.durableOffset.fail(error);
    this.#ports.telemetry.reached('wal.poisoned');
    this.#ports.telemetry.log('error', 'wal.poisoned', { cause: String(cause) });
  }

  async #commit(): Promise<void> {
    const { sites } = this.#ports;
    const room = this.#room();
    const isFull = this.#queue.firstBytes > room;
    if (this.#writer.hasRecords && (isFull || sites.fires('wal.seal-early'))) {
      await this.#rotate();
      return;
    }
    const bytesMax = sites.fires('wal.group-of-one') ? 0 : this.#options.groupBytesMax;
    const group = this.#queue.take(Math.min(room, bytesMax));
    this.#inProgress = group;
    const receipts = await this.#write(group);
    release(group, receipts, false);
    if (group.some(({ sync }) => sync) || sites.fires('wal.sync-unasked')) {
      if (sites.fires('wal.dawdle-before-sync')) await this.#ports.scheduler.yield();
      await this.#syncTail('records of');
      release(group, receipts, true);
    }
    this.#inProgress = [];
    if (!this.#isUnproven) return;
    if (sites.fires('wal.watermark-at-once')) this.#watermarkDue = true;
    else this.#idle.touch();
  }

  /** Writes the bodies of a group as one run of records. Returns where each of them stands. */
  async #write(group: readonly QueuedAppend[]): Promise<AppendReceipt[]> {
    const members: GroupMember[] = [];
    for (const { body } of group) if (body !== undefined) members.push({ kind: 'data', body });
    const { offset, lsn } = this.#tail;
    if (members.length === 0) return group.map(() => ({ lsn, offset, endOffset: offset }));

    const ends = await this.#writeMembers(members);
    this.#dataEnd = this.#tail.offset;
    const { telemetry } = this.#ports;
    if (members.length > 1) telemetry.reached('wal.group-of-many');
    telemetry.measure('wal.group-bytes', this.#tail.offset - offset);
    let written = 0;
    return group.map(({ body }) => {
      const start = ends[written - 1] ?? offset;
      if (body === undefined) return { lsn: lsn + written, offset: start, endOffset: start };
      written += 1;
      return { lsn: lsn + written - 1, offset: start, endOffset: ends[written - 1]! };
    });
  }

  async #writeMembers(members: readonly GroupMember[]): Promise<readonly number[]> {
    this.#claimedThrough = this.#syncedThrough;
    const group = this.#encoder.encode(members, this.#tail, this.#writer.header, this.#claimedThrough);
    await this.#writer.append(group.bytes, group.length);
    this.#tail = group.end;
    return group.ends;
  }

  /** Makes what has been written durable, and no more: the end is captured before the sync begins. */
  async #syncTail(what: string): Promise<void> {
    const end = this.#tail.offset;
    const dataEnd = this.#dataEnd;
    const claimedThrough = this.#claimedThrough;
    if (end === this.#syncedThrough) return;
    await this.#writer.datasync(what);
    this.#syncedThrough = end;
    this.#provenThrough = claimedThrough;
    this.durableOffset.advance(dataEnd);
  }

  /** There is a durable record that nothing yet proves to be so, should it rot before the next one. */
  get #isUnproven(): boolean {
    return this.durableOffset.value > this.#provenThrough;
  }

  /** Makes all of the log durable, and leaves proof of it. */
  async #prove(): Promise<void> {
    await this.#syncTail('unsynced records of');
    if (!this.#isUnproven) return;
    if (this.#room() < this.#writer.header.sectorBytes) {
      await this.#rotate();
      return;
    }
    await this.#writeMembers([{ kind: 'watermark', body: nothing }]);
    await this.#syncTail('watermark of');
    this.#ports.telemetry.reached('wal.watermark');
  }

  /** Bytes that the segment can still take, a sector for its seal put aside. */
  #room(): number {
    const { sectorBytes } = this.#writer.header;
    const left = this.#options.segmentBytes - this.#writer.position - sectorBytes;
    return Math.max(0, Math.floor(left / sectorBytes) * sectorBytes);
  }

  /** Seals the segment and goes on in a new one; the order of its steps is what recovery relies on. */
  async #rotate(): Promise<void> {
    await this.#writeMembers([{ kind: 'seal', body: nothing }]);
    await this.#syncTail('seal of');
    const sealed = this.#writer;
    this.#writer = await SegmentWriter.create(this.#directory, {
      ...newSegment(this.#ports.entropy, this.#directory.path, sealed.header.id + 1),
      sectorBytes: this.#options.sectorBytes,
      predecessor: sealed.header,
      base: this.#tail.offset,
      baseLsn: this.#tail.lsn,
      carriedThrough: this.#tail.offset,
      previousHash: this.#tail.hash,
    });
    this.#provenThrough = this.#tail.offset;
    this.#segments.add(this.#writer.header);
    await sealed.close();
    this.#ports.telemetry.reached('wal.rotated');
  }
}

const nothing = new Uint8Array(0);

function release(group: readonly QueuedAppend[], receipts: readonly AppendReceipt[], synced: boolean): void {
  for (let index = 0; index < group.length; index += 1) {
    const { sync, parked } = group[index]!;
    if (sync === synced) parked.wake(receipts[index]!);
  }
}
