/** How a system went wrong, coarse enough to be the same for the same bug. */
export type Category =
  /** What was acknowledged is gone. */
  | 'lost-ack'
  /** What was seen once is gone. */
  | 'lost-observed'
  /** What nobody wrote is there. */
  | 'phantom'
  /** What was written is there, but different. */
  | 'altered'
  /** Two structures that must agree do not. */
  | 'inconsistent'
  /** Something that only rises went down. */
  | 'regressed'
  /** Two looks at the same thing differ. */
  | 'unstable'
  /** The system refuses to start, or to serve, without a reason that the faults give. */
  | 'refused'
  /** Nothing happens any more. */
  | 'stuck'
  /** An error that nobody was there to handle. */
  | 'unhandled'
  /** A resource that was not given back. */
  | 'leaked';

export interface ViolationDetail {
  /** The property's id: `acknowledged-survives`. */
  readonly property: string;
  readonly category: Category;
  /** The `code` of the error that showed it, if one did. */
  readonly code?: string | undefined;
  /** One sentence in plain words. */
  readonly message: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
}

/** A property that does not hold: the counterexample is the history so far. */
export class Violation extends Error {
  readonly detail: ViolationDetail;

  constructor(detail: ViolationDetail, options?: ErrorOptions) {
    super(detail.message, options);
    this.name = 'Violation';
    this.detail = detail;
  }

  /** What failures are grouped by, and what a minimizer must preserve. */
  get signature(): string {
    return signatureOf(this.detail);
  }
}

export function signatureOf(detail: ViolationDetail): string {
  return [detail.property, detail.category, detail.code ?? '-'].join('/');
}
