#!/usr/bin/env node
/** Entry of the `sidetone` command: compiled code is kept between starts, where this Node can. */
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// A server's garbage is small and comes steadily. V8 would take 30 to 100 MB more for it, and no less time: so the room
// for the young does not grow, and the old is swept when it has doubled. Node 20 to 26 ask for both at each collection.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=100');
module.enableCompileCache?.();
// Loaded after that, or there would be nothing to keep.
void import('./main.ts').then(({ main }) => main());
