/** What the command tells its caller; the worst wins. A contract. */
export const exitCodes = {
  held: 0,
  counterexample: 1,
  usage: 2,
  nondeterminism: 3,
  nothingRan: 4,
  staleFixture: 5,
  simulatorBug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
