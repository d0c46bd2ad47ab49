import { UsageError } from '../usage-error.ts';
import type { Which } from './command-options.ts';
import { existingDatabase, newOrExistingDatabase } from './data-directory.ts';
import { placeOf } from './remote.ts';
import { withLocalSink, withServedSink } from './sink.ts';
import type { Destination } from './submit-lines.ts';

export interface DestinationArguments extends Which {
  readonly keys?: string | undefined;
}

/** Where signed lines go; a database that is not there is made, or is a mistake. Throws `UsageError`. */
export function destinationOf(
  args: DestinationArguments,
  missing: 'made' | 'refused',
): () => Promise<Destination> {
  const place = placeOf(args);
  if (place.kind === 'local') {
    return async () => {
      const directory = await (missing === 'made' ? newOrExistingDatabase : existingDatabase)(place.data);
      return {
        keys: args.keys ?? `${directory}/keys`,
        withSink: (body) => withLocalSink(directory, body),
      };
    };
  }
  const { keys } = args;
  if (keys === undefined) throw new UsageError('Say where the secret key of the agent is: --keys DIR.');
  return async () => ({ keys, withSink: (body) => withServedSink(place.client, body) });
}
