/** What a server can get wrong about SIPSIM's calls: filters, pages, time. */
import { changeJson, type Defect } from '../broken-server.ts';
import {
  at,
  changeData,
  changePagination,
  type Item,
  misreadJson,
  misreadQuery,
  onlySays,
  restatus,
  unnamed,
} from './sipsim-wire.ts';

const list = at('GET', '/calls');
const one = at('GET', '/calls/*');
const start = at('POST', '/calls');

/** A parameter that nobody looks at, and the checks that it shows in. */
const ignored = (name: string, catches: string[]): Defect => ({
  title: `SIPSIM: ${name} of the list of calls is ignored`,
  catches: catches.map((id) => `sipsim.${id}`),
  request: misreadQuery(list, (query) => query.delete(name)),
});

const shiftTime = (name: string, seconds: number) =>
  misreadQuery(list, (query) => {
    const time = Date.parse(query.get(name) ?? '');
    if (!Number.isNaN(time)) query.set(name, new Date(time + seconds * 1000).toISOString());
  });

const clamp = (limit: number) => String(Math.min(1000, Math.max(20, limit)));

export const sipsimCallFilterDefects: Defect[] = [
  {
    title: 'SIPSIM: start_time may be left out',
    catches: ['sipsim.PRM-required-getCalls'],
    request: misreadQuery(list, (query) => {
      if (!query.has('start_time')) query.set('start_time', '2000-01-01');
    }),
  },
  {
    title: 'SIPSIM: a date that does not exist is the next that does',
    catches: ['sipsim.CAL-02a'],
    request: misreadQuery(list, (query) => {
      if (query.get('start_time') === '2024-02-30') query.set('start_time', '2024-03-01');
    }),
  },
  {
    title: 'SIPSIM: a time of day that does not exist is some time of that day',
    catches: ['sipsim.CAL-02k'],
    request: misreadQuery(list, (query) => {
      if (/T24|:60Z/.test(query.get('end_time') ?? '')) query.set('end_time', '2024-01-15T12:00:00Z');
    }),
  },
  {
    title: 'SIPSIM: an offset that there is not is none',
    catches: ['sipsim.CAL-02l'],
    request: misreadQuery(list, (query) => {
      const time = query.get('end_time');
      if (time) query.set('end_time', time.replace(/\+(?:15:00|00:60)$/, 'Z'));
    }),
  },
  ignored('end_time', ['CAL-02b', 'CAL-02c', 'CAL-02k', 'CAL-02l', 'CAL-03']),
  {
    title: 'SIPSIM: a time without an offset is an hour ahead of UTC',
    catches: ['sipsim.CAL-04b'],
    request: misreadQuery(list, (query) => {
      for (const name of ['start_time', 'end_time']) {
        const time = query.get(name);
        if (time && /T[\d:]+$/.test(time)) query.set(name, `${time}+01:00`);
      }
    }),
  },
  {
    title: 'SIPSIM: what follows an id in a list of ids is ignored',
    catches: ['sipsim.CAL-02i'],
    request: misreadQuery(list, (query) => {
      if (query.get('employees') === '1x') query.set('employees', '1');
    }),
  },
  ignored('employees', ['CAL-02i', 'CAL-07a']),
  ignored('tags', ['CAL-02j', 'CAL-07b']),
  ignored('call_types', ['CAL-02h', 'CAL-05']),
  ignored('search', ['CAL-06']),
  ignored('page', ['CAL-02g', 'PAG-02', 'PAG-03']),
  {
    title: 'SIPSIM: a limit out of range is the nearest within',
    catches: ['sipsim.PRM-minimum-getCalls', 'sipsim.PRM-maximum-getCalls'],
    request: misreadQuery(list, (query) => {
      if (query.has('limit')) query.set('limit', clamp(Number(query.get('limit'))));
    }),
  },
  {
    title: 'SIPSIM: a parameter that cannot be is 400',
    catches: ['sipsim.PRM-required-getCalls', 'sipsim.CAL-02a', 'sipsim.PRM-enum-getPhones'],
    answer: restatus(() => true, 422, 400),
  },
  {
    title: 'SIPSIM: an error does not name the parameter',
    catches: [
      'sipsim.PRM-required-getCalls',
      'sipsim.CAL-02a',
      'sipsim.PRM-enum-getPhones',
      'sipsim.SCH-required-createTag',
      'sipsim.CTC-02',
    ],
    answer: unnamed(() => true),
  },
  {
    title: 'SIPSIM: an error is the name of the parameter and no more',
    catches: [
      'sipsim.CAL-02a',
      'sipsim.CTC-02',
      'sipsim.TRN-03',
      'sipsim.PRM-enum-getPhones',
      'sipsim.SCH-required-createTag',
    ],
    answer: (answer) => {
      if (answer.status !== 422) return;
      changeJson(answer, (body) => ({ ...body, errors: [String(body.errors).split(' ')[0]] }));
    },
  },
  {
    title: 'SIPSIM: start_time is exclusive',
    catches: ['sipsim.CAL-03'],
    request: shiftTime('start_time', 1),
  },
  {
    title: 'SIPSIM: end_time is exclusive',
    catches: ['sipsim.CAL-03'],
    request: shiftTime('end_time', -1),
  },
  {
    title: 'SIPSIM: offsets are ignored',
    catches: ['sipsim.CAL-04'],
    request: misreadQuery(list, (query) => {
      for (const name of ['start_time', 'end_time']) {
        const time = query.get(name);
        if (time) query.set(name, time.replace(/[+-]\d\d:\d\d$/, 'Z'));
      }
    }),
  },
  {
    title: 'SIPSIM: missed calls are inbound calls too',
    catches: ['sipsim.CAL-05'],
    request: misreadQuery(list, (query) => {
      if (query.get('call_types') === 'inbound') query.set('call_types', 'inbound,missed');
    }),
  },
  {
    title: "SIPSIM: search looks at the receiver's number alone",
    catches: ['sipsim.CAL-06'],
    answer: changeData(list, (calls, { path }) => {
      const part = new URLSearchParams(path.split('?')[1]).get('search');
      if (part) return calls.filter(({ receiver_number: number }) => String(number).includes(part));
    }),
  },
  {
    title: 'SIPSIM: one filter of several is enough',
    catches: ['sipsim.CAL-07c'],
    request: misreadQuery(list, (query) => {
      if (query.has('call_types')) query.delete('employees');
    }),
  },
  {
    title: 'SIPSIM: of several tags a call must have all',
    catches: ['sipsim.CAL-07b'],
    request: misreadQuery(list, (query) => {
      if (query.has('tags')) query.set('tags', query.get('tags')?.split(',')[0] ?? '');
    }),
  },
];

export const sipsimCallDefects: Defect[] = [
  {
    title: 'SIPSIM: the last page names a next one',
    catches: ['sipsim.PAG-01'],
    answer: changePagination(list, (pagination) => ({ page: 'bmV4dA', ...pagination })),
  },
  {
    title: 'SIPSIM: limit is not the one that was asked for',
    catches: ['sipsim.PAG-01'],
    answer: changePagination(list, (pagination) => ({ ...pagination, limit: 1000 })),
  },
  {
    title: 'SIPSIM: count is another number',
    catches: ['sipsim.PAG-01'],
    answer: changePagination(list, (pagination) => ({ ...pagination, count: Number(pagination.count) + 1 })),
  },
  {
    title: 'SIPSIM: the pages have a gap',
    catches: ['sipsim.PAG-02'],
    answer: changeData(list, (calls, { path }) => (path.includes('page=') ? calls.slice(1) : undefined)),
  },
  {
    title: 'SIPSIM: a page begins with the end of the one before',
    catches: ['sipsim.PAG-02'],
    answer: repeatLast(),
  },
  {
    title: 'SIPSIM: the oldest call comes first',
    catches: ['sipsim.PAG-04'],
    answer: changeData(list, (calls) => [...calls].reverse()),
  },
  {
    title: 'SIPSIM: an empty limit is one that cannot be',
    catches: ['sipsim.PAG-05'],
    request: misreadQuery(list, (query) => {
      if (query.get('limit') === '') query.set('limit', 'none');
    }),
  },
  {
    title: 'SIPSIM: of several limits the first counts',
    catches: ['sipsim.PAG-05'],
    request: misreadQuery(list, (query) => {
      if (query.has('limit')) query.set('limit', query.get('limit') ?? '');
    }),
  },
  {
    title: 'SIPSIM: what cannot be in a page token is skipped',
    catches: ['sipsim.PAG-03'],
    request: misreadQuery(list, (query) => {
      if (query.has('page')) query.set('page', query.get('page')?.replace('!', '') ?? '');
    }),
  },
  {
    title: 'SIPSIM: a page token is good for any filters',
    catches: ['sipsim.PAG-03'],
    request: misreadQuery(list, (query) => {
      if (query.has('page')) query.delete('employees');
    }),
  },
  {
    title: 'SIPSIM: call_… is no id',
    catches: ['sipsim.CAL-08'],
    request: (request) => {
      request.path = request.path.replace(/^(\/api\/v2\/calls\/)call_\d+/, '$1none');
    },
  },
  {
    title: 'SIPSIM: a call by its id lacks a member',
    catches: ['sipsim.CAL-08'],
    answer: changeData(one, ({ duration: _, ...call }) => call),
  },
  {
    title: 'SIPSIM: a call that nobody answered lasted as long as it rang',
    catches: ['sipsim.CAL-09', 'sipsim.CAL-11'],
    answer: changeData(one, (call) => (call.status === 'MISSED' ? { ...call, duration: 20 } : undefined)),
  },
  {
    title: 'SIPSIM: a call that rings is missed already',
    catches: ['sipsim.CAL-11'],
    answer: changeData(one, (call) => (call.state === 'ringing' ? { ...call, call_type: 'missed' } : undefined)),
  },
  {
    title: 'SIPSIM: an id is looked for anywhere in its place',
    catches: ['sipsim.CAL-12'],
    request: (request) => {
      request.path = request.path.replace(/^(\/api\/v2\/calls\/)x?(?:call_)?(\d+)x?$/, '$1$2');
    },
  },
  {
    title: 'SIPSIM: what is not found is told without words',
    catches: ['sipsim.CAL-10', 'sipsim.TRN-02', 'sipsim.WHK-04', 'sipsim.CTG-02'],
    answer: (answer) => {
      if (answer.status === 404) changeJson(answer, (body) => ({ ...body, errors: [''] }));
    },
  },
  {
    title: 'SIPSIM: a phone calls with its internal number',
    catches: ['sipsim.CTC-03'],
    answer: changeData(start, (call, { body }) => ({ ...call, caller_number: JSON.parse(body).caller_number })),
  },
  {
    title: 'SIPSIM: a call that rings has its end already',
    catches: ['sipsim.CTC-01'],
    answer: changeData(start, (call) => ({ ...call, end_time: call.start_time })),
  },
  {
    title: 'SIPSIM: an outgoing call comes in',
    catches: ['sipsim.CTC-01'],
    answer: changeData(start, (call) => ({ ...call, direction: 'inbound' })),
  },
  {
    title: 'SIPSIM: a call that is not there is an empty success',
    catches: ['sipsim.CAL-10'],
    answer: restatus(one, 404, 200),
  },
  {
    title: 'SIPSIM: a call is never answered',
    catches: ['sipsim.CTC-01'],
    answer: changeData(one, (call) => ({ ...call, state: 'ringing' })),
  },
  {
    title: 'SIPSIM: a call has ended when it begins',
    catches: ['sipsim.CTC-01'],
    answer: changeData(start, (call) => ({ ...call, state: 'ended' })),
  },
  {
    title: 'SIPSIM: the duration counts the ringing',
    catches: ['sipsim.CTC-01'],
    answer: changeData(one, (call) => ({ ...call, duration: Number(call.duration) + 5 })),
  },
  {
    title: 'SIPSIM: starting a call is 200',
    catches: ['sipsim.CTC-01', 'sipsim.PAG-02', 'sipsim.PAG-03'],
    answer: restatus(start, 201, 200),
  },
  {
    title: 'SIPSIM: whatever calls whomever',
    catches: ['sipsim.CTC-02'],
    request: misreadJson(start, (body) => {
      Object.assign(body, { caller_number: '+492111234501', receiver_number: '+4930123456789' });
    }),
  },
  {
    title: 'SIPSIM: a wrong call is refused, and made',
    catches: ['sipsim.CTC-02'],
    answer: appearAfterRefusal(),
  },
  {
    title: 'SIPSIM: transcriptions are there at once',
    catches: ['sipsim.TRN-01'],
    answer: changeData(at('POST', '/calls/*/transcription'), (made) => ({
      ...made,
      speech_state: 'speech_recognized',
    })),
  },
  {
    title: 'SIPSIM: transcriptions are never there',
    catches: ['sipsim.TRN-01'],
    answer: changeData(at('GET', '/calls/*/transcription'), (made) => ({
      ...{ ...made, speech_state: 'speech_sent_to_recognition', payload: [] },
    })),
  },
  {
    title: 'SIPSIM: channels are sides, as in the webhook',
    catches: ['sipsim.TRN-01'],
    answer: changeData(at('GET', '/calls/*/transcription'), (made) => ({
      ...made,
      payload: (made.payload as Item[]).map((spoken) => ({ ...spoken, channel: 'left' })),
    })),
  },
  {
    title: 'SIPSIM: a transcription that nobody ordered is empty',
    catches: ['sipsim.TRN-01', 'sipsim.TRN-02'],
    answer: restatus(at('GET', '/calls/*/transcription'), 404, 200),
  },
  {
    title: 'SIPSIM: silence can be transcribed',
    catches: ['sipsim.TRN-03'],
    instead: onlySays(at('POST', '/calls/*/transcription'), { speech_state: 'speech_stored', payload: [] }, 201),
  },
];

function repeatLast(): Defect['answer'] {
  let last: Item | undefined;
  return changeData(list, (calls, { path }) => {
    const repeated = path.includes('page=') && last ? [last, ...calls] : calls;
    last = calls.at(-1);
    return repeated;
  });
}

/** As if each refusal had left a call behind. */
function appearAfterRefusal(): Defect['answer'] {
  let made = 0;
  const show = changeData(list, (calls) => [
    ...Array.from({ length: made }, (_, id) => ({ ...calls[0], id })),
    ...calls,
  ]);
  return (answer, request) => {
    if (start(request) && answer.status === 422) made += 1;
    show?.(answer, request);
  };
}
