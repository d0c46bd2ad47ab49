import type { Instance } from 'ink';
import type { CampaignActions } from './campaign-app.tsx';
import { CampaignModel, type CampaignFacts } from './campaign-model.ts';
import type { Surface } from './mount.tsx';
import { Painter } from './painter.ts';
import { TerminalScreen } from './terminal-screen.ts';

export interface DashboardStreams {
  readonly output: NodeJS.WriteStream;
  readonly input: NodeJS.ReadStream;
  readonly hasColours: boolean;
}

/** So often is a campaign drawn anew. */
const ticksPerSecond = 5;

/** A dashboard that is being drawn. */
export interface Dashboard {
  /** What is told to it is drawn. */
  readonly model: CampaignModel;
  /** Rejects if it cannot be drawn any more; the terminal is as it was, then. */
  readonly broken: Promise<never>;
  /** The campaign is over: resolves once nobody reads any more. */
  finish(): Promise<void>;
  /** Gives the terminal back. */
  close(): void;
}

/** Takes the terminal over until it is closed. */
export async function openDashboard(
  facts: CampaignFacts,
  actions: CampaignActions,
  streams: DashboardStreams,
): Promise<Dashboard> {
  const restoreEnvironment = setForInk(streams);
  const { mountCampaign } = await import('./mount.tsx');
  restoreEnvironment();
  const model = new CampaignModel(facts, () => performance.now());
  const shown = show(streams, (surface) => mountCampaign({ model, actions }, surface));
  const ticking = setInterval(() => model.tick(), 1000 / ticksPerSecond);
  const close = (): void => {
    clearInterval(ticking);
    shown.screen.leave();
  };
  const broken = shown.ended.then(() => new Promise<never>(() => undefined));
  // Whoever races against it hears of it; nobody needs to.
  broken.catch(close);
  return {
    model,
    broken,
    async finish() {
      model.phase = 'over';
      await shown.ended;
      close();
    },
    close,
  };
}

function show(
  { output, input }: DashboardStreams,
  mount: (surface: Surface) => Instance,
): { readonly ended: Promise<unknown>; readonly screen: TerminalScreen } {
  let instance: Instance | undefined;
  const painter = new Painter(output);
  const screen = new TerminalScreen({ output, input }, () => {
    instance?.unmount();
    painter.close();
  });
  screen.enter();
  try {
    instance = mount({ painter, input });
  } catch (error) {
    screen.leave();
    throw error;
  }
  return { ended: instance.waitUntilExit(), screen };
}

/**
 * ink's colours are those of stdout, wherever it draws, and React is slow, and keeps a record of every frame, unless
 * it runs in production. Both look at the environment when they are loaded.
 */
function setForInk({ hasColours }: DashboardStreams): () => void {
  const { NODE_ENV, FORCE_COLOR } = process.env;
  process.env['NODE_ENV'] = 'production';
  process.env['FORCE_COLOR'] = hasColours ? '1' : '0';
  return () => {
    restore('NODE_ENV', NODE_ENV);
    restore('FORCE_COLOR', FORCE_COLOR);
  };
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
