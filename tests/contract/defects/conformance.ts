/** Answers that openapi.yaml does not declare. */
import { checks } from '../../../contracts/index.ts';
import type { Defect } from '../broken-server.ts';

export const conformanceDefects: Defect[] = [
  {
    title: 'every answer has a status that no document declares',
    catches: checks.filter(({ id }) => id.includes('.OAS-')).map(({ id }) => id),
    answer: (answer) => {
      answer.status = 418;
    },
  },
];
