const enterAlternate = '\u001b[?1049h\u001b[2J\u001b[H\u001b[?25l';
const leaveAlternate = '\u001b[?25h\u001b[?1049l';

/** What would leave a terminal as it is; Ctrl-C is a key here. */
const deadlySignals = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export interface Terminal {
  readonly output: Pick<NodeJS.WriteStream, 'write'>;
  readonly input: Pick<NodeJS.ReadStream, 'isRaw' | 'setRawMode'>;
}

/**
 * The terminal's other screen, without scrollback, which leaves what was there before untouched. However the process
 * ends, the cursor is shown, lines are edited and the first screen is back before anything else is printed.
 */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #process: NodeJS.Process;
  readonly #unmount: () => void;
  #isEntered = false;

  /** `unmount` stops drawing; called once, before the screen is left. */
  constructor(terminal: Terminal, unmount: () => void, process: NodeJS.Process = globalThis.process) {
    this.#terminal = terminal;
    this.#unmount = unmount;
    this.#process = process;
  }

  enter(): void {
    this.#isEntered = true;
    this.#terminal.output.write(enterAlternate);
    this.#process.on('exit', this.leave);
    // Called before an uncaught error is printed, and changes nothing of what comes then.
    this.#process.on('uncaughtExceptionMonitor', this.leave);
    for (const signal of deadlySignals) this.#process.on(signal, this.#die);
  }

  readonly leave = (): void => {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#process.off('exit', this.leave);
    this.#process.off('uncaughtExceptionMonitor', this.leave);
    for (const signal of deadlySignals) this.#process.off(signal, this.#die);
    try {
      this.#unmount();
    } finally {
      if (this.#terminal.input.isRaw) this.#terminal.input.setRawMode(false);
      this.#terminal.output.write(leaveAlternate);
    }
  };

  readonly #die = (signal: NodeJS.Signals): void => {
    this.leave();
    this.#process.kill(this.#process.pid, signal);
  };
}
