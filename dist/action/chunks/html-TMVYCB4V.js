import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
import{anchorOf,code,countsList,factsList,folded,html,joined,lines,link,listOf,markup,nothing,pageOf,section,timeOf}from"./chunk-I7CNYHJC.js";import"./chunk-WD74EKFE.js";import"./chunk-DDLVXCSZ.js";export{anchorOf,code,countsList,factsList,folded,html,joined,lines,link,listOf,markup,nothing,pageOf,section,timeOf};
