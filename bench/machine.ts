/** What a result was measured on: kinds, never names. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { wrkVersion } from './wrk.ts';

export interface Machine {
  date: string;
  node: string;
  cores: number;
  cpu: string;
  /** Of the last minute, before anything was started here. */
  load: number;
  /** Version of the wrk that is installed. */
  wrk?: string;
}

export function describeMachine(): Machine {
  const wrk = wrkVersion();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    cpu: (cpus()[0]?.model ?? 'unknown').trim(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    ...(wrk !== undefined && { wrk }),
  };
}

/** Others were working here too: such figures say little. */
export const isBusy = ({ load, cores }: Machine) => load > cores / 2;

export const machineText = (machine: Machine) =>
  `${machine.date}, Node ${machine.node.slice(1)}, ${machine.cores} cores (${machine.cpu})` +
  (isBusy(machine) ? `, while others used the machine (load ${machine.load}): not to be relied on` : '');
