import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
import{require_lib}from"./chunk-G5PKF3VA.js";import"./chunk-DDQ7RLJK.js";export default require_lib();
