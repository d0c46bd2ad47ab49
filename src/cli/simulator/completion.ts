/** A word of the command line may be one of these; `undefined` where commands and flags are all there is. */
export async function wordsFor(words: readonly string[]): Promise<readonly string[] | undefined> {
  const before = words.at(-2) ?? '';
  const command = words.find((word, index) => index > 0 && !word.startsWith('-') && index < words.length - 1);
  const isFlag = words.at(-1)?.startsWith('-') === true;
  if (isFlag) return undefined;
  switch (before) {
    case '--scenario':
      return [...(await catalogue()).scenarios.keys()];
    case '--mutant':
      return mutants();
    case '--strategy': {
      const { exhaustive, strategyNames } = await import('../../explore/index.ts');
      return [...strategyNames, exhaustive.strategy];
    }
    case '--reporter':
      return ['terminal', 'json', 'junit', 'github'];
    case '--format':
      return ['html', 'md', 'json', 'junit', 'github', 'perfetto'];
    case '--mode':
      return ['strict', 'steps', 'seed'];
    case '--dashboard':
      return ['auto', 'on', 'off'];
  }
  if (before.startsWith('--')) return undefined;
  if (command === 'run') return [...(await catalogue()).arenas.keys()];
  if (command === 'mutants') return mutants();
  if (command === 'regress') return keptNames();
  return undefined;
}

async function catalogue() {
  const { loadCatalogue } = await import('../../explore/index.ts');
  return loadCatalogue();
}

async function mutants(): Promise<readonly string[]> {
  const { mutantNames } = await import('../../explore/mutants/mutant.ts');
  return mutantNames();
}

async function keptNames(): Promise<readonly string[]> {
  const { keptCaseFiles } = await import('../../explore/index.ts');
  const files = await keptCaseFiles();
  return files.map((file) => file.replace(/^.*[/\\]|\.json$/g, ''));
}
