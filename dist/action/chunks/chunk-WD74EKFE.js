import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
var printable=text=>text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,character=>`\\u{${(character.codePointAt(0)??0).toString(16)}}`),grouped=number=>String(number).replace(/\B(?=(\d{3})+$)/g,","),count=(number,singular,plural=`${singular}s`)=>`${grouped(number)} ${number===1?singular:plural}`,asText=value=>typeof value=="string"?value:value==null?"":JSON.stringify(value);export{printable,grouped,count,asText};
