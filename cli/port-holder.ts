/** Who listens on a port, as far as this machine tells. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A phrase for an error message. */
export async function whoHolds(host: string, port: number): Promise<string> {
  return (await sidetoneAt(host, port)) ?? processAt(port) ?? 'another program';
}

/** Milliseconds. Enough for a machine that has other things to do; a program that speaks no HTTP costs them. */
const PATIENCE = 2_000;

async function sidetoneAt(host: string, port: number): Promise<string | undefined> {
  try {
    const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    const answer = await fetch(`http://${address}:${port}/health`, { signal: AbortSignal.timeout(PATIENCE) });
    const { version, uptime } = (await answer.json()) as { version?: string; uptime?: number };
    if (version === undefined || uptime === undefined) return undefined;
    return `another sidetone (${version}, up for ${uptime} s${processSuffix(port)})`;
  } catch {
    return undefined;
  }
}

const processSuffix = (port: number) => {
  const holder = processAt(port);
  return holder === undefined ? '' : `, ${holder}`;
};

/** Linux only: the socket's inode in /proc/net/tcp, found among the open files of each process. */
function processAt(port: number): string | undefined {
  try {
    const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
      listeningInodes(readFileSync(table, 'utf8'), port),
    );
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsSocket(name, inodes));
    if (pid === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return `process ${pid} (${command})`;
  } catch {
    return undefined;
  }
}

function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(wanted) && state === '0A' && inode ? [inode] : [];
  });
}

function holdsSocket(pid: string, inodes: string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return inodes.some((inode) => target === `socket:[${inode}]`);
    });
  } catch {
    // Somebody else's process, or one that ended meanwhile.
    return false;
  }
}
