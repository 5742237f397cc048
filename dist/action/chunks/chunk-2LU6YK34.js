import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
var workOf=({place:_place,reasons:_reasons,causes:_causes,effects:_effects,columns:_columns,labels:_labels,owners:_owners,...work})=>work,mainSteps=changes=>{let own=new Set(changes.flatMap(({step,address})=>step===address?[address]:[])),first=new Map;for(let change of changes)first.has(change.address)||first.set(change.address,change);return changes.filter(change=>own.has(change.address)?change.step===change.address:first.get(change.address)===change)};export{workOf,mainSteps};
