import type { Draws, Machine } from '../sim/index.ts';
import type { FaultKit } from './fault-kit.ts';
import { drawAmount, drawDistance } from './log-uniform.ts';
import type { ClockFaults } from './scenario.ts';

/** Plans what happens in this run to the wall clock of `machine`. Monotonic time is left alone. */
export function faultClock(kit: FaultKit, machine: Machine, faults: ClockFaults): void {
  const { apartMsMax = 0, driftPpmMax = 0, freezes } = faults;
  if (apartMsMax > 0) setApart(kit, machine, apartMsMax);
  if (driftPpmMax > 0) drift(kit, machine, driftPpmMax);
  const steps = kit.draws(machine, 'clock');
  stepNext(kit, machine, steps, steps.choose(faults.stepsMax + 1), faults);
  if (freezes === undefined) return;
  const draws = kit.draws(machine, 'clock-freeze');
  freezeNext(kit, machine, draws, draws.choose(freezes.max + 1), { ...faults, ...freezes });
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

function stepNext(kit: FaultKit, machine: Machine, draws: Draws, left: number, faults: ClockFaults): void {
  if (left === 0) return;
  kit.afterSteps(drawDistance(draws, faults.distanceStepsMax), 'clock-step', () => {
    if (kit.isOver()) return;
    const ms = drawDistance(draws, faults.msMax);
    const isBack = draws.choose(2) === 1;
    machine.clock.step(isBack ? -ms : ms);
    kit.injected('clock-step', machine, `has its clock set ${isBack ? 'back' : 'forward'} by ${ms} ms`);
    stepNext(kit, machine, draws, left - 1, faults);
  });
}

function freezeNext(
  kit: FaultKit,
  machine: Machine,
  draws: Draws,
  left: number,
  faults: { readonly msMax: number; readonly distanceStepsMax: number },
): void {
  if (left === 0) return;
  kit.afterSteps(drawDistance(draws, faults.distanceStepsMax), 'clock-freeze', () => {
    if (kit.isOver()) return;
    const ms = 1 + drawAmount(draws, faults.msMax - 1);
    machine.clock.freeze();
    kit.onEnd(() => machine.clock.thaw());
    kit.injected('clock-freeze', machine, `has its clock stand still for ${ms} ms`);
    kit.after(ms, 'clock-thaw', machine, () => {
      machine.clock.thaw();
      freezeNext(kit, machine, draws, left - 1, faults);
    });
  });
}
