import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
import{require_lib}from"./chunk-U72PZVFS.js";import"./chunk-DDLVXCSZ.js";export default require_lib();
