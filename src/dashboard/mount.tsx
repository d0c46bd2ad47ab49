import { type Instance, render } from 'ink';
import { CampaignApp, type CampaignAppProps } from './campaign-app.tsx';
import { FailureApp, type FailureAppProps } from './failure-app.tsx';

/** More often nobody can read; less often keys feel slow. */
const framesPerSecondMax = 8;

export interface Streams {
  readonly output: NodeJS.WriteStream;
  readonly input: NodeJS.ReadStream;
}

export function mountCampaign(props: CampaignAppProps, streams: Streams): Instance {
  return render(<CampaignApp {...props} />, optionsOf(streams));
}

export function mountFailure(props: FailureAppProps, streams: Streams): Instance {
  return render(<FailureApp {...props} />, optionsOf(streams));
}

function optionsOf({ output, input }: Streams): Parameters<typeof render>[1] {
  return {
    stdout: output,
    stdin: input,
    maxFps: framesPerSecondMax,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
  };
}
