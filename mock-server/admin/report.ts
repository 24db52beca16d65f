/** /__admin/report: the last verdicts that somebody told the fake of, kept for the inspector. */
import { InputError } from '../input-error.ts';
import { type AdminRoute, EMPTY, part } from './route.ts';

export const reportRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/report', operationId: 'getReport', summary: 'The last report that it was told of' },
    answers: { 200: { description: 'As it was told', schema: part('Report') }, 204: EMPTY('It was told of none') },
    handle: ({ reports }) => (reports.last ? { status: 200, body: reports.last } : { status: 204 }),
  },
  {
    ...{ method: 'put', path: '/report', operationId: 'putReport', summary: 'Tells it of a JSON report of verify' },
    body: part('Report'),
    answers: { 204: EMPTY('Kept until the next one') },
    handle: ({ reports, body }) => {
      const report = body();
      if (!Number.isInteger(report.reportVersion)) {
        throw new InputError('"reportVersion" is missing: that is no JSON report of verify');
      }
      reports.last = report;
      return { status: 204 };
    },
  },
];
