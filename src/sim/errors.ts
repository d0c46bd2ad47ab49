/** A defect of the simulator, or a use of it that cannot be simulated. `code` is stable. */
export class SimulationError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimulationError';
    this.code = code;
  }
}
