#!/usr/bin/env node
/** Entry of the `sidetone` command: compiled code is kept between starts, where this Node can. */
import module from 'node:module';

module.enableCompileCache?.();
await import('./main.ts');
