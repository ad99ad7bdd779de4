// Preloaded into Node servers by the soak scenario: on SIGUSR2, collect garbage fully and write the heap
// that is still reachable to the file LSPBENCH_HEAP. RSS alone cannot tell a leak from a lazy collector.
const file = process.env.LSPBENCH_HEAP;
if (file) {
  const { writeFileSync } = require('node:fs');
  require('node:v8').setFlagsFromString('--expose_gc');
  const gc = require('node:vm').runInNewContext('gc');
  writeFileSync(file, 'ready');
  process.on('SIGUSR2', () => {
    gc();
    gc();
    const m = process.memoryUsage();
    writeFileSync(file, JSON.stringify({ heapMb: (m.heapUsed + m.external) / 1048576, rssMb: m.rss / 1048576, at: Date.now() }));
  });
}
