/** Answers that openapi.yaml does not declare. */

import type { Defect } from '../broken-server.ts';
import { checks } from '../catalogue.ts';

/** Every operation declares one of these. */
const COMMON = [400, 401, 404];

export const conformanceDefects: Defect[] = [
  {
    title: 'no answer ever has the status 400, 401 or 404',
    catches: checks.filter(({ id }) => id.includes('.STA-')).map(({ id }) => id),
    whole: true,
    answer: (answer) => {
      if (COMMON.includes(answer.status)) answer.status = 418;
    },
  },
  {
    title: 'every answer has a status that no document declares',
    catches: checks.filter(({ id }) => id.includes('.OAS-')).map(({ id }) => id),
    answer: (answer) => {
      answer.status = 418;
    },
  },
];
