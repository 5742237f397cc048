import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
import{grouped,inline}from"./chunk-4TR6ERZC.js";import{hasErrors}from"./chunk-KWZ6VYCU.js";import{code,html,lines,link,listOf,nothing,section,timeOf}from"./chunk-I7CNYHJC.js";import{count}from"./chunk-WD74EKFE.js";var placeHtml=(place,linkTo)=>html`<code>${link(`${place.file}:${place.line}`,linkTo(place))}</code>`,findingHtml=({finding,places,number},linkTo)=>{let{severity,message,hint,related=[]}=finding,more=number-Math.max(places.length,1);return html`<li class="${severity}">
    <p><span class="tag">${severity}</span> ${message}</p>
    ${places.length===0?nothing:html`<p>
            ${lines(places.map(place=>placeHtml(place,linkTo)))}${more>0?` and ${count(more,"more","more")}`:""}
          </p>`}
    ${related.map(other=>html`<p class="quiet">${other.message}: ${placeHtml(other.place,linkTo)}</p>`)}
    ${hint===void 0?nothing:html`<p><b>Hint:</b> ${hint}</p>`}
  </li>`},findingsSection=(diagnostics,linkTo)=>section("findings",hasErrors(diagnostics)?"Errors and warnings":"Warnings",diagnostics.length===0?[]:[html`<ul class="findings">
            ${grouped(diagnostics).map(group=>findingHtml(group,linkTo))}
          </ul>`]),shown=value=>value===void 0?"nothing":inline(value),appliedText=({applied})=>shown(applied),fieldHtml=field=>html`<dt>${code(field.pointer.slice(1).replaceAll("/","."))}</dt>
    <dd>applied ${code(appliedText(field))}, lives as ${code(shown(field.live))}</dd>`,driftedHtml=({address,name,gone,fields,by,at})=>{let who=by===void 0&&at===void 0?nothing:html`<p class="quiet">
          Last change by ${by??"somebody"}${at===void 0?"":html`, ${timeOf(at)}`}.
        </p>`;return html`<p>
      ${code(address)} <bdi>${name}</bdi> ${gone?"was deleted outside":"was changed outside"}
    </p>
    ${who} ${fields.length===0?nothing:html`<dl class="fields">${fields.map(fieldHtml)}</dl>`}`},driftedSection=(id,heading,drifted,about=[])=>section(id,heading,drifted.length===0?[]:[...about.map(text=>html`<p>${text}</p>`),listOf(drifted.map(driftedHtml),count(drifted.length,"object"))]);export{placeHtml,findingsSection,appliedText,driftedSection};
