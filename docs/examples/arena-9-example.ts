import { defineArena, makeAgents, StemeNode, toHex } from '../../src/index.ts';

export default defineArena({
  name: 'arena-9-example',
  summary: 'one agent, one claim, one power loss',
  scenarios: ['torn-writes'],
  properties: [{ id: 'acknowledged-survives', kind: 'safety', claim: 'what was acknowledged stays' }],
  markers: [],
  async play(context) {
    const node = new StemeNode(context, {
      name: 'node-1',
      config: { directory: '/data' },
      examine: async () => 'serve',
    });
    node.start();
    const [agent] = makeAgents(context.signatures, 1);
    if (agent === undefined) return;
    const claim = agent.sign({
      subject: 'Tesla',
      predicate: 'revenue',
      object: { type: 'number', value: 96.7 },
      lifecycle: 'proposed',
      confidence: context.workload('confidence').choose(101) / 100,
      timestamp: 0,
    });
    const { hash } = await node.insist('submit', (db) => db.submit(claim));
    context.chaos.powerLoss(node.machine);
    const found = await node.insist('read', async (db) => {
      await db.waitUntilOffset(db.durableOffset);
      return db.get(hash);
    });
    context.require(found !== undefined, () => ({
      property: 'acknowledged-survives',
      category: 'lost-ack',
      message: `The claim ${toHex(hash)} is gone.`,
    }));
    await node.stop();
  },
});
