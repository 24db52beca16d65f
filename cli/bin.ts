#!/usr/bin/env node
/** Entry of the `sidetone` command: compiled code is kept between starts, where this Node can. */
import module from 'node:module';

module.enableCompileCache?.();
// Loaded after that, or there would be nothing to keep.
void import('./main.ts').then(({ main }) => main());
