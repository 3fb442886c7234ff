import type { Command } from 'commander';
import { GSMTAP_PORT, gsmtapUdp, pcapngFile, type Trace, teeTrace } from '#base/trace/index.ts';
import { traceFile } from '#lab/ladder/index.ts';
import { type HostPort, hostArgument } from './argument.ts';

/** Where a command's trace goes beside the screen. */
export interface TraceOptions {
  readonly trace?: string;
  readonly pcapng?: string;
  readonly gsmtap?: HostPort;
}

/** Adds the options of traces to a command. */
export function withTraceOptions(command: Command): Command {
  return command
    .option('--trace <file>', "write the trace for 'assay trace'")
    .option('--pcapng <file>', 'write the trace for Wireshark')
    .option('--gsmtap <host[:port]>', 'send the trace as GSMTAP to a Wireshark that runs', hostArgument(GSMTAP_PORT));
}

/** The traces that were asked for, as one, and how to end them. Errors are the file system's. */
export function openTraces({ trace, pcapng, gsmtap }: TraceOptions): { readonly all: Trace; close(): void } {
  const sinks = [
    trace === undefined ? [] : [traceFile(trace)],
    pcapng === undefined ? [] : [pcapngFile(pcapng)],
    gsmtap === undefined ? [] : [gsmtapUdp(gsmtap.host, gsmtap.port)],
  ].flat();
  return { all: teeTrace(...sinks), close: () => sinks.forEach((sink) => void sink.close()) };
}
