/** Every scenario. A new file of them is a line here. */
import type { Scenario } from '../../scenario.ts';
import { resources } from './resources.ts';
import { tokenQuestions } from './token-questions.ts';
import { tokenRequests } from './token-requests.ts';

export const scenarios: Scenario[] = [...tokenRequests, ...resources, ...tokenQuestions];
