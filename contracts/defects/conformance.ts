/** Answers that openapi.yaml does not declare. */

import type { Defect } from '../broken-server.ts';
import { checks } from '../catalogue.ts';

export const conformanceDefects: Defect[] = [
  {
    title: 'every answer has a status that no document declares',
    catches: checks.filter(({ id }) => id.includes('.OAS-')).map(({ id }) => id),
    answer: (answer) => {
      answer.status = 418;
    },
  },
];
