/** Forms of scenarios, which every run shares. */

export { stories, table } from '../../tables.ts';
