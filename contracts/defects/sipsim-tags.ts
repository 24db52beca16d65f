/** What a server can get wrong about SIPSIM's tags, phones and webhook settings. */
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
} from './sipsim-wire.ts';

const create = at('POST', '/tags');
const list = at('GET', '/tags');
const change = at('PATCH', '/tags/*');
const remove = at('DELETE', '/tags/*');
const tagged = at('PUT', '/calls/*/tags/*');
const untagged = at('DELETE', '/calls/*/tags/*');

const TAG = { id: 1, name: 'VIP', color: '#6B7280', description: null };

export const sipsimTagDefects: Defect[] = [
  {
    title: 'SIPSIM: a new tag has another colour than the documented one',
    catches: ['sipsim.TAG-01'],
    answer: changeData(create, (tag) => ({ ...tag, color: '#FFFFFF' })),
  },
  {
    title: 'SIPSIM: a tag loses its umlauts',
    catches: ['sipsim.TAG-01'],
    answer: changeData(create, (tag) => ({ ...tag, description: String(tag.description).normalize('NFD') })),
  },
  {
    title: 'SIPSIM: a new tag is not in the list',
    catches: ['sipsim.TAG-01', 'sipsim.TAG-03'],
    answer: changeData(list, (tags) => tags.filter(({ name }) => !String(name).startsWith('sidetone'))),
  },
  {
    title: 'SIPSIM: two tags may have the same name',
    catches: ['sipsim.TAG-02'],
    answer: restatus(create, 409, 201),
  },
  {
    title: 'SIPSIM: a name that is taken is told by other words',
    catches: ['sipsim.TAG-02'],
    answer: (answer) => {
      if (answer.status === 409) changeJson(answer, (body) => ({ ...body, errors: ['Name is taken'] }));
    },
  },
  {
    title: 'SIPSIM: a refused tag is made all the same',
    catches: [
      'sipsim.TAG-02',
      'sipsim.SCH-required-createTag',
      'sipsim.SCH-pattern-createTag',
      'sipsim.SCH-type-createTag',
    ],
    answer: appearAfterRefusal(),
  },
  {
    title: 'SIPSIM: PATCH resets what is not sent',
    catches: ['sipsim.TAG-03'],
    request: misreadJson(change, (body) => {
      body.name ??= 'Untitled';
    }),
  },
  {
    title: 'SIPSIM: PATCH changes nothing',
    catches: ['sipsim.TAG-03'],
    instead: onlySays(change, TAG),
  },
  {
    title: 'SIPSIM: PATCH cannot take a description away',
    catches: ['sipsim.TAG-03'],
    request: misreadJson(change, (body) => {
      if (body.description === null) delete body.description;
    }),
  },
  {
    title: 'SIPSIM: a name that a tag had stays taken',
    catches: ['sipsim.TAG-04'],
    answer: keepNames(),
  },
  {
    title: "SIPSIM: PATCH lets a tag take another's name",
    catches: ['sipsim.TAG-04'],
    answer: restatus(change, 409, 200),
  },
  {
    title: 'SIPSIM: a tag may not keep its own name',
    catches: ['sipsim.TAG-04'],
    answer: restatus(change, 200, 409),
  },
  {
    title: 'SIPSIM: DELETE only says so',
    catches: ['sipsim.TAG-05'],
    instead: onlySays(remove, TAG),
  },
  {
    title: 'SIPSIM: a deleted tag can be deleted again',
    catches: ['sipsim.TAG-05'],
    answer: restatus(remove, 404, 200),
  },
  {
    title: 'SIPSIM: a tag needs no name',
    catches: ['sipsim.SCH-required-createTag'],
    request: misreadJson(create, () => {}),
    answer: restatus(create, 422, 201),
  },
  {
    title: 'SIPSIM: a blank name is a name',
    catches: ['sipsim.SCH-pattern-createTag'],
    request: misreadJson(create, (body) => {
      if (String(body.name).trim() === '') body.name = 'blank';
    }),
  },
  {
    title: 'SIPSIM: a number is a name',
    catches: ['sipsim.SCH-type-createTag'],
    request: misreadJson(create, (body) => {
      if (typeof body.name === 'number') body.name = String(body.name);
    }),
  },
  {
    title: 'SIPSIM: any word is a colour',
    catches: ['sipsim.SCH-pattern-createTag'],
    request: misreadJson(create, (body) => {
      if (typeof body.color === 'string' && !body.color.startsWith('#')) body.color = '#FF0000';
    }),
  },
  {
    title: 'SIPSIM: a body that is no JSON is 422',
    catches: ['sipsim.SCH-json-createTag'],
    answer: restatus(create, 400, 422),
  },
  {
    title: 'SIPSIM: JSON is read whatever it says that it is',
    catches: ['sipsim.TAG-09'],
    request: (request) => {
      if (create(request) && request.body.startsWith('{')) request.headers['content-type'] = ['application/json'];
    },
  },
  {
    title: 'SIPSIM: a colour is looked for anywhere in its text',
    catches: ['sipsim.TAG-10'],
    request: misreadJson(create, (body) => {
      const found = /#[0-9A-F]{6}/.exec(String(body.color))?.[0];
      if (found) body.color = found;
    }),
  },
  {
    title: 'SIPSIM: the list of tags says that there is more',
    catches: ['sipsim.TAG-08'],
    answer: changePagination(list, (pagination) => ({ ...pagination, has_more: true })),
  },
  {
    title: 'SIPSIM: the list of tags takes any limit',
    catches: ['sipsim.TAG-08'],
    request: misreadQuery(list, (query) => query.delete('limit')),
  },
  {
    title: 'SIPSIM: a tag that is given twice is there twice',
    catches: ['sipsim.CTG-01'],
    answer: doubled(),
  },
  {
    title: 'SIPSIM: untagging only says so',
    catches: ['sipsim.CTG-01'],
    instead: onlySays(untagged, { tags: [] }),
  },
  {
    title: 'SIPSIM: tagging only says so',
    catches: ['sipsim.CTG-01'],
    instead: onlySays(tagged, { tags: [{ id: 1 }] }),
  },
  {
    title: 'SIPSIM: a tag that a call does not have can be taken from it',
    catches: ['sipsim.CTG-02'],
    answer: restatus(untagged, 404, 200),
  },
  {
    title: 'SIPSIM: any tag can be given to any call',
    catches: ['sipsim.CTG-02'],
    answer: restatus(tagged, 404, 200),
  },
  {
    title: 'SIPSIM: calls keep tags that were deleted',
    catches: ['sipsim.CTG-03'],
    answer: changeData(at('GET', '/calls/*'), (call) => ({ ...call, tags: [...(call.tags as Item[]), { id: 9999 }] })),
  },
];

export const sipsimPhoneDefects: Defect[] = [
  {
    title: 'SIPSIM: status of the list of phones is ignored',
    catches: ['sipsim.PHN-01', 'sipsim.PRM-enum-getPhones'],
    request: misreadQuery(at('GET', '/phones'), (query) => query.delete('status')),
  },
  {
    title: 'SIPSIM: no phone is ever inactive',
    catches: ['sipsim.PHN-01'],
    answer: changeData(at('GET', '/phones'), (_, { path }) => (path.includes('=inactive') ? [] : undefined)),
  },
  {
    title: 'SIPSIM: numbers of phones are national',
    catches: ['sipsim.PHN-03'],
    answer: changeData(at('GET', '/phones'), (phones) =>
      phones.map((phone) => ({ ...phone, number: String(phone.number).replace('+49', '0') })),
    ),
  },
  {
    title: 'SIPSIM: all phones have the same internal number',
    catches: ['sipsim.PHN-03'],
    answer: changeData(at('GET', '/phones'), (phones) => phones.map((phone) => ({ ...phone, internal_number: 100 }))),
  },
];

const enable = at('POST', '/webhooks/*');
const disable = at('DELETE', '/webhooks/*');

export const sipsimWebhookDefects: Defect[] = [
  {
    title: 'SIPSIM: an event of the guides cannot be enabled',
    catches: ['sipsim.WHK-01'],
    answer: changeData(at('GET', '/webhooks/available'), (events) => events.slice(1)),
  },
  {
    title: 'SIPSIM: enabling is answered with that event alone, and more than once',
    catches: ['sipsim.WHK-02'],
    answer: changeData(enable, (events) => [...events, ...events]),
  },
  {
    title: 'SIPSIM: enabling only says so',
    catches: ['sipsim.WHK-02'],
    instead: onlySays(enable, [{ event: 'rating' }]),
  },
  {
    title: 'SIPSIM: disabling takes all events',
    catches: ['sipsim.WHK-03'],
    request: (request) => {
      if (enable(request)) request.path = request.path.replace('rating', 'sms');
    },
  },
  {
    title: 'SIPSIM: what is not enabled can be disabled',
    catches: ['sipsim.WHK-03'],
    answer: restatus(disable, 404, 200),
  },
  {
    title: 'SIPSIM: an event forgets the URL that it was enabled with',
    catches: ['sipsim.WHK-06', 'sipsim.WHK-07'],
    request: misreadJson(enable, (body) => {
      delete body.url;
    }),
  },
  {
    title: 'SIPSIM: any word is an event',
    catches: ['sipsim.WHK-04'],
    answer: restatus(enable, 404, 200),
  },
  {
    title: 'SIPSIM: disabling only says so',
    catches: ['sipsim.WHK-05'],
    instead: onlySays(disable, []),
  },
];

/** As if each refusal had left a tag behind. */
function appearAfterRefusal(): Defect['answer'] {
  let made = 0;
  const show = changeData(list, (tags) => [
    ...tags,
    ...Array.from({ length: made }, (_, id) => ({ ...TAG, id: 900 + id })),
  ]);
  return (answer, request) => {
    if (create(request) && answer.status >= 400) made += 1;
    show?.(answer, request);
  };
}

/** As if names were kept when their tags are renamed. */
function keepNames(): Defect['answer'] {
  const names = new Set<unknown>();
  return (answer, request) => {
    if (!create(request) || answer.status !== 201) return;
    const { name } = JSON.parse(request.body) as Item;
    if (names.has(name)) answer.status = 409;
    names.add(name);
  };
}

function doubled(): Defect['answer'] {
  let times = 0;
  return changeData(tagged, (call) => {
    times += 1;
    const tags = call.tags as Item[];
    return times > 1 ? { ...call, tags: [...tags, ...tags.slice(-1)] } : undefined;
  });
}
