import { type Instance, render } from 'ink';
import { CampaignApp, type CampaignAppProps } from './campaign-app.tsx';
import type { Painter } from './painter.ts';

export interface Surface {
  readonly painter: Painter;
  readonly input: NodeJS.ReadStream;
}

export function mountCampaign(props: CampaignAppProps, surface: Surface): Instance {
  return render(<CampaignApp {...props} />, optionsOf(surface));
}

function optionsOf({ painter, input }: Surface): Parameters<typeof render>[1] {
  return {
    // Of a stream ink needs what a painter has: size, frames, and word of a new size.
    stdout: painter as unknown as NodeJS.WriteStream,
    stdin: input,
    // Gives each frame as a whole: what is new in it the painter finds out.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  };
}
