import type { SequentialModel } from './linearizability.ts';

export type CounterInput = { readonly kind: 'increment'; readonly delta: bigint } | { readonly kind: 'read' };

/** A counter that begins at 0. An increment gives nothing, a read the sum. */
export const counterModel: SequentialModel<bigint, CounterInput, bigint | undefined> = {
  initial: 0n,
  keyOf: String,
  apply: (state, input) =>
    input.kind === 'read' ? { state, output: state } : { state: state + input.delta, output: undefined },
  isSame: (one, other) => one === other,
  describe: (input, output) =>
    input.kind === 'read' ? `read gives ${output ?? 'what nobody knows'}` : `increment by ${input.delta}`,
};

/** `undefined` is absence. */
export type RegisterInput =
  | { readonly kind: 'swap'; readonly expected: string | undefined; readonly next: string | undefined }
  | { readonly kind: 'write'; readonly next: string | undefined }
  | { readonly kind: 'read' };

/** A register that begins absent. A swap gives whether it took place, a write nothing, a read the value. */
export const registerModel: SequentialModel<string | undefined, RegisterInput, string | boolean | undefined> =
  {
    initial: undefined,
    keyOf: (state) => (state === undefined ? '' : `=${state}`),
    apply(state, input) {
      switch (input.kind) {
        case 'read':
          return { state, output: state };
        case 'write':
          return { state: input.next, output: undefined };
        case 'swap':
          return state === input.expected ? { state: input.next, output: true } : { state, output: false };
      }
    },
    isSame: (one, other) => one === other,
    describe(input, output) {
      const given = String(output ?? 'nothing');
      switch (input.kind) {
        case 'read':
          return `read gives ${given}`;
        case 'write':
          return `write ${input.next ?? 'nothing'}`;
        case 'swap':
          return `swap ${input.expected ?? 'nothing'} for ${input.next ?? 'nothing'} gives ${given}`;
      }
    },
  };
