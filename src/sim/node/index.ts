export { nodeFs, type NodeFs } from './node-fs.ts';
export { nodeStandIns } from './stand-ins.ts';
