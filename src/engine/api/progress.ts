import type { Receipt } from '../stemedb.ts';
import { RequestError } from './request-error.ts';

/** What is durable, and where it can be read once it is ingested. */
export interface DurableWrite {
  readonly receipt: Receipt;
  readonly location: string;
}

/** How far a request has come, for whoever must answer when it fails or is late. */
export class Progress {
  /** Waiting for bytes of the body. */
  isReceiving = false;
  #isWriting = false;
  #isGivenUp = false;
  #durable: DurableWrite | undefined;

  /** Whether a write has been begun: from then on a failure may leave it open what was written. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  get durable(): DurableWrite | undefined {
    return this.#durable;
  }

  /** Throws when the answer that nothing was written has been given already: then nothing may be. */
  beginWriting(): void {
    if (this.#isGivenUp) {
      throw new RequestError('STEME_DEADLINE_PASSED', 'The deadline passed before anything was written.');
    }
    this.#isWriting = true;
  }

  endWriting(durable: DurableWrite): void {
    this.#durable = durable;
  }

  /** The deadline has passed: no write may begin any more. */
  giveUp(): void {
    this.#isGivenUp = true;
  }
}
