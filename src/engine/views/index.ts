export { Materializer, type MaterializerStatus } from './materializer.ts';
export { type ViewOptions, viewOptionsOf } from './options.ts';
export { findView, type ViewKeeping } from './serve-view.ts';
export { decodeView, encodeView, type View } from './view.ts';
