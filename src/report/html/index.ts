export { campaignHtml } from './campaign/document.ts';
export { html } from './document.ts';
