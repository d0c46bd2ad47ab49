/** The package's own folder: two above the sources, three above the build. */
export const packageRoot = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);
