/**
 * In front of Node's own HTTP: a connection that asks, byte for byte, what it asked last gets the remembered answer
 * without being read again. Node reads all that a connection has not asked just before: what a request is, and where it
 * ends, is Node's affair alone.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Repetition {
  /** All bytes of the request. */
  request: Buffer;
  /** All bytes of the answer, which is given thereby; undefined where it is not good any more. */
  answer(): Buffer | undefined;
  /** Those bytes are still needed: the next answer must be of others. */
  renew(): void;
}

export interface Connection {
  /** Told of a request, while Node has it, that was answered from memory and may be again. */
  mayRepeat(response: ServerResponse, repetition: Repetition): void;
}

interface Watched extends Connection {
  release(): void;
}

const connections = new WeakMap<object, Watched>();

/**
 * @param server whose requests all go to the fake just as they come.
 * @param event by which it tells of a connection.
 */
export function answerEarly(server: Server, event: 'connection' | 'secureConnection'): void {
  server.on(event, (socket: Socket) => connections.set(socket, watch(socket)));
}

/** Undefined for one of a server that is not the fake's. */
export const connectionOf = ({ socket }: IncomingMessage): Connection | undefined => connections.get(socket);

/** What comes by this connection from now on is no HTTP. */
export const release = (socket: object): void => connections.get(socket)?.release();

function watch(socket: Socket): Watched {
  /** What the connection asked last, if Node has waited for the beginning of a request since. */
  let known: Repetition | undefined;
  let told: Repetition | undefined;
  let read: ((chunk: Buffer) => void) | undefined;

  const take = (chunk: Buffer) => {
    const repetition = known?.request.equals(chunk) && !socket.writableNeedDrain ? known : undefined;
    const answer = repetition?.answer();
    if (answer) {
      socket.write(answer);
      if (socket.writableLength > 0) repetition?.renew();
      return;
    }
    told = undefined;
    read?.call(socket, chunk);
    known = toldOf(chunk);
  };
  /** If it was all that came. */
  const toldOf = (chunk: Buffer) => (told?.request.equals(chunk) ? told : undefined);
  const attach = () => {
    const [reader, ...others] = socket.listeners('data') as ((chunk: Buffer) => void)[];
    if (!reader || others.length > 0) return;
    read = reader;
    socket.on('data', take);
    socket.off('data', reader);
  };
  return {
    mayRepeat: (response, repetition) => {
      // Where there is no socket yet, others are to be answered before.
      if (response.socket !== socket) return;
      if (read) told = repetition;
      else attach();
    },
    release: () => void socket.off('data', take),
  };
}
