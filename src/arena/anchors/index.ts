export {
  type AnchoredFault,
  type FaultPlan,
  isMoment,
  labelOfStrike,
  type Landmark,
  plainFault,
  type RottenPlace,
} from './anchored-fault.ts';
export { Landmarks } from './landmarks.ts';
export { likeness, pathPattern } from './path-pattern.ts';
