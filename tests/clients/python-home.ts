/** A Python with the packages of requirements.txt, in a folder of the project's own, made once before all tests. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
const home = join(root, 'node_modules/.cache/sidetone/python');
const requirements = join(import.meta.dirname, 'requirements.txt');

export const pythonOf = () => join(home, 'bin/python');

/** Throws if there is no python3. */
export default function makePythonHome(): void {
  const made = join(home, 'made-of.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) return;
  rmSync(home, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', home], { stdio: 'inherit' });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
  execFileSync(pythonOf(), install, { stdio: 'inherit' });
  writeFileSync(made, wanted);
}
