/** Scenarios as tables: many questions in one, or many small stories. */
import type { Question } from './exchange.ts';
import type { Scenario } from './scenario.ts';

/** A scenario of questions that have nothing to do with each other. */
export const table = (id: string, rows: Record<string, Question>): Scenario => ({
  id,
  play: async ({ ask }) => {
    for (const [step, question] of Object.entries(rows)) await ask(step, question);
  },
});

/** Each row is a story of its own, so that one cannot disturb the next. */
export const stories = (topic: string, rows: Record<string, Scenario['play']>): Scenario[] =>
  Object.entries(rows).map(([name, play]) => ({ id: `${topic}: ${name}`, play }));
