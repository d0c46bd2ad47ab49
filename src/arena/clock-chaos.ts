import type { Machine } from '../sim/index.ts';
import type { FaultKit, SequenceRate } from './fault-kit.ts';
import { drawAmount, drawDistance } from './log-uniform.ts';
import type { ClockFaults } from './scenario.ts';

/** Plans what happens in this run to the wall clock of `machine`. Monotonic time is left alone. */
export function faultClock(kit: FaultKit, machine: Machine, faults: ClockFaults): void {
  const { apartMsMax = 0, driftPpmMax = 0, freezes } = faults;
  if (apartMsMax > 0) setApart(kit, machine, apartMsMax);
  if (driftPpmMax > 0) drift(kit, machine, driftPpmMax);
  stepAtTimes(kit, machine, faults);
  if (freezes !== undefined) freezeAtTimes(kit, machine, { ...faults, ...freezes });
}

/** From the start it is off by so much: two machines are apart by the difference. */
function setApart(kit: FaultKit, machine: Machine, msMax: number): void {
  const draws = kit.draws(machine, 'clock-apart');
  const ms = drawAmount(draws, msMax);
  if (ms === 0) return;
  const isBehind = draws.choose(2) === 1;
  machine.clock.step(isBehind ? -ms : ms);
  kit.injected('clock-apart', machine, `has a clock that is ${ms} ms ${isBehind ? 'behind' : 'ahead'}`);
}

function drift(kit: FaultKit, machine: Machine, ppmMax: number): void {
  const draws = kit.draws(machine, 'clock-drift');
  const ppm = drawAmount(draws, ppmMax);
  if (ppm === 0) return;
  const isSlow = draws.choose(2) === 1;
  machine.clock.drift(isSlow ? -ppm : ppm);
  kit.onEnd(() => machine.clock.drift(0));
  kit.injected('clock-drift', machine, `has a clock that is ${ppm} ppm too ${isSlow ? 'slow' : 'fast'}`);
}

function stepAtTimes(kit: FaultKit, machine: Machine, faults: ClockFaults): void {
  const set = (ms: number): void => {
    machine.clock.step(ms);
    kit.note(machine, { kind: 'clock-step', number: ms });
    const where = ms < 0 ? 'back' : 'forward';
    kit.injected('clock-step', machine, `has its clock set ${where} by ${Math.abs(ms)} ms`);
  };
  if (kit.follows(machine, 'clock-step', ({ number }) => set(number))) return;
  const { stepsMax: max, distanceStepsMax } = faults;
  kit.sequence(machine, 'clock', { max, distanceStepsMax }, (draws, next) => {
    const ms = drawDistance(draws, faults.msMax);
    set(draws.choose(2) === 1 ? -ms : ms);
    next();
  });
}

function freezeAtTimes(
  kit: FaultKit,
  machine: Machine,
  faults: SequenceRate & { readonly msMax: number },
): void {
  const freeze = (ms: number, next: () => void): void => {
    machine.clock.freeze();
    kit.onEnd(() => machine.clock.thaw());
    kit.note(machine, { kind: 'clock-freeze', number: ms });
    kit.injected('clock-freeze', machine, `has its clock stand still for ${ms} ms`);
    kit.after(ms, 'clock-thaw', machine, () => {
      machine.clock.thaw();
      next();
    });
  };
  if (kit.follows(machine, 'clock-freeze', ({ number }) => freeze(number, () => undefined))) return;
  kit.sequence(machine, 'clock-freeze', faults, (draws, next) => {
    freeze(1 + drawAmount(draws, faults.msMax - 1), next);
  });
}
