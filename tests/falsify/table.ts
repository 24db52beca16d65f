/** The kill table: by topic, how many broken servers were sent before the suite, and what became of them. */
import type { Kill } from './kills.ts';

export const isCaught = ({ caught }: Kill): boolean => caught !== undefined;
export const isRightlyBlamed = ({ blame, rightly }: Kill): boolean =>
  blame.asFake === 'fake' && blame.asReal !== undefined && rightly.includes(blame.asReal);

/** As Markdown, with the sum in the last row. */
export function killTable(kills: Kill[]): string {
  const topics = [...new Set(kills.map(({ check }) => topicOf(check)))].sort();
  const rows = topics.map((topic) =>
    rowOf(
      topic,
      kills.filter(({ check }) => topicOf(check) === topic),
    ),
  );
  return [
    '| checks | broken servers | caught | blamed as fake: fake | as real: real | document | fake |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    rowOf('all', kills),
  ].join('\n');
}

/** `sipgate.BAS-02a` is of the topic `sipgate.BAS`. */
const topicOf = (id: string) => id.slice(0, id.indexOf('-') === -1 ? undefined : id.indexOf('-'));

function rowOf(topic: string, kills: Kill[]): string {
  const servers = new Set(kills.map(({ defect }) => defect));
  const escaped = new Set(kills.filter((kill) => !isCaught(kill)).map(({ defect }) => defect));
  const asReal = (blame: string) => kills.filter((kill) => kill.blame.asReal === blame).length;
  const asFake = kills.filter(({ blame }) => blame.asFake === 'fake').length;
  const cells = [topic, servers.size, servers.size - escaped.size, asFake, asReal('real'), asReal('document')];
  return `| ${[...cells, asReal('fake')].join(' | ')} |`;
}
