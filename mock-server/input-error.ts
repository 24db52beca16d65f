/** Input from outside that is not as it must be: the message names the member and what was expected. */
export class InputError extends TypeError {
  override name = 'InputError';
}
