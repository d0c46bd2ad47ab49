/** How a simulated device gets its turn: the effect of an operation is a step that the kernel orders. */
export interface Device {
  /**
   * Queues `effect` as a pending operation of the current task. When the kernel picks it, `effect` runs
   * and the promise settles with what it returned or threw, all in one step.
   *
   * `operation` and `resource` name it in traces and digests; `fingerprint` reduces a result to the 32
   * bits that the digest folds in (default: none).
   */
  perform<T>(
    operation: string,
    resource: string,
    effect: () => T,
    fingerprint?: (result: T) => number,
  ): Promise<T>;
}
