import { toHex } from '../../crypto/index.ts';
import { StemeError } from '../errors.ts';
import {
  DECODE_CODES,
  type DecodeCode,
  VALIDATION_CODES,
  type ValidationCode,
  VERIFICATION_CODES,
  type VerificationCode,
} from './codes.ts';
import type { AgentId } from './types.ts';

/** A value that is no assertion or no vote. Nothing was encoded, hashed or stored. */
export class ValidationError extends StemeError {
  declare readonly code: ValidationCode;

  /** Where in the value: `subject`, `object.text`, `signatures[2].agentId`; empty for the value itself. */
  readonly field: string;

  constructor(code: ValidationCode, field: string) {
    super(code, `${field === '' ? 'the value' : field} ${VALIDATION_CODES[code]}`);
    this.field = field;
  }
}

/** Bytes that are no record: damaged, foreign, or not in canonical form. */
export class DecodeError extends StemeError {
  declare readonly code: DecodeCode;

  /** Bytes from the start of the record to what is wrong. */
  readonly offset: number;

  constructor(code: DecodeCode, offset: number, options?: ErrorOptions) {
    super(code, `no record of this format, at byte ${offset}: ${DECODE_CODES[code]}`, options);
    this.offset = offset;
  }
}

/** An assertion or a vote that somebody did not sign who is said to have. */
export class SignatureError extends StemeError {
  declare readonly code: VerificationCode;

  /** Whose signature it is not. */
  readonly agentId: AgentId;

  constructor({ code, agentId }: { readonly code: VerificationCode; readonly agentId: AgentId }) {
    super(code, `agent ${toHex(agentId)}: ${VERIFICATION_CODES[code]}; sign again what signingMessage gives`);
    this.agentId = agentId;
  }
}
