/**
 * Who may write in place. A page or table made under the owner at hand is nobody else's; any other one is
 * copied before it is written. To share content, both sides take a new owner: from then on all of it is
 * copied on write, and sharing itself costs nothing per page.
 */
export class Owner {
  readonly #arena: Arena;

  /** `previous`: an owner that this one replaces and whose memory it goes on filling. */
  constructor(previous?: Owner) {
    this.#arena = previous === undefined ? new Arena() : previous.#arena;
  }

  /** Zeroed bytes. They come from larger pieces: a typed array of its own costs ten times as much. */
  allocate(length: number): Uint8Array {
    return this.#arena.allocate(length);
  }
}

const pieceBytesMin = 2 ** 13;
const pieceBytesMax = 2 ** 18;

/** A piece is freed when nothing cut from it is in use; small disks get by with small pieces. */
class Arena {
  #piece = new Uint8Array(0);
  #used = 0;
  #nextPieceBytes = pieceBytesMin;

  allocate(length: number): Uint8Array {
    if (this.#used + length > this.#piece.length) {
      if (length > this.#nextPieceBytes / 2) return new Uint8Array(length);
      this.#piece = new Uint8Array(this.#nextPieceBytes);
      this.#used = 0;
      this.#nextPieceBytes = Math.min(this.#nextPieceBytes * 2, pieceBytesMax);
    }
    const start = this.#used;
    this.#used = start + length;
    return this.#piece.subarray(start, this.#used);
  }
}
