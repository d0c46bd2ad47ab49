export { html } from './document.ts';
