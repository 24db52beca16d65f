/** Counts the answers that are given again, in a test file that has the module of their exchanges replaced by `counted`. */
type Repeated = typeof import('../../mock-server/remembered/repeated.ts');

export const given = { again: 0 };

export async function counted(load: () => Promise<Repeated>): Promise<Repeated> {
  const module = await load();
  const repeatedExchange: Repeated['repeatedExchange'] = (...all) => {
    given.again += 1;
    return module.repeatedExchange(...all);
  };
  return { ...module, repeatedExchange };
}
