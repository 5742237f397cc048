// Prints at the end of a run which files took longest: that is where a minute can be won.
const MOST = 10;

const secondsOf = (module) => module.diagnostic().duration / 1000;

export default class {
  onTestRunEnd(modules) {
    if (modules.length <= MOST) return;
    const slowest = [...modules].sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, MOST);
    console.log('\nThe slowest files:');
    for (const module of slowest)
      console.log(`${secondsOf(module).toFixed(1).padStart(7)} s  ${module.relativeModuleId}`);
  }
}
