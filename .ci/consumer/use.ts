import { type Mock, startMock } from 'sidetone';
import { type Check, checks, defineContractSuite, type RunResult, runChecks, type Target } from 'sidetone/contracts';

const mock: Mock = await startMock({ port: 0, settings: { sipgate: { errorBody: 'errors' } } });
const target: Target = { name: 'mine', sipsim: { baseUrl: mock.sipsim.baseUrl, tokenUrl: mock.sipsim.tokenUrl } };
const result: RunResult = await runChecks(target, { only: ['sipsim.*'] });
const first: Check | undefined = checks[0];
await defineContractSuite(() => target, { skip: ['sipgate.*'] });
console.log(result.requests, first?.title);
await fetch('https://api.sipgate.com/v2/account', { dispatcher: mock.dispatcher() });
await mock[Symbol.asyncDispose]();
// @ts-expect-error: a setting that does not exist is found by the compiler
await startMock({ settings: { sipgate: { nonsense: true } } });
