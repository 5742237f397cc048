import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
import{grouped,printable}from"./chunk-WD74EKFE.js";import{createHash}from"node:crypto";var r={Stringify:1,BeforeStream:2,Stream:3},l=(e,c)=>{let n=new String(e);return n.isEscaped=!0,n.callbacks=c,n},b=/[&<>'"]/,g=async(e,c)=>{let n="";c||=[];let o=await Promise.all(e);for(let a=o.length-1;n+=o[a],a--,!(a<0);a--){let t=o[a];if(t==null||typeof t=="boolean")continue;if(typeof t=="number"){n+=t;continue}typeof t=="object"&&c.push(...t.callbacks||[]);let i=t.isEscaped;if(t=await(typeof t=="object"?t.toString():t),typeof t=="object"&&c.push(...t.callbacks||[]),t.isEscaped??i)n+=t;else{let s=[n];f(t,s),n=s[0]}}return l(n,c)},f=(e,c)=>{let n=e.search(b);if(n===-1){c[0]+=e;return}let o,a,t=0;for(a=n;a<e.length;a++){switch(e.charCodeAt(a)){case 34:o="&quot;";break;case 39:o="&#39;";break;case 38:o="&amp;";break;case 60:o="&lt;";break;case 62:o="&gt;";break;default:continue}c[0]+=e.substring(t,a)+o,t=a+1}c[0]+=e.substring(t,a)},h=e=>{let c=e.callbacks;if(!c?.length)return e;let n=[e],o={};return c.forEach(a=>a({phase:r.Stringify,buffer:n,context:o})),n[0]};var u=(i,...o)=>{let e=[""];for(let n=0,a=i.length-1;n<a;n++){e[0]+=i[n];let c=Array.isArray(o[n])?o[n].flat(1/0):[o[n]];for(let f2=0,b2=c.length;f2<b2;f2++){let t=c[f2];if(typeof t=="string")f(t,e);else if(typeof t=="number")e[0]+=t;else{if(typeof t=="boolean"||t===null||t===void 0)continue;if(typeof t=="object"&&t.isEscaped)if(t.callbacks)e.unshift("",t);else{let s=t.toString();s instanceof Promise?e.unshift("",s):e[0]+=s}else t instanceof Promise?e.unshift("",t):f(t.toString(),e)}}}return e[0]+=i.at(-1),e.length===1?"callbacks"in e?l(h(l(e[0],e.callbacks))):l(e[0]):g(e,e.callbacks)};var painted={green:["create","ok"],yellow:["update","forget","errors","drifted","warning"],red:["replace","delete","failed","gone","error"],cyan:["adopt","move","running","never-ran"],grey:["none","unchanged","off"]},paints=Object.entries(painted).map(([colour,classes])=>`${classes.map(name=>`.${name}`).join(", ")} { --fill: var(--${colour}-fill); --edge: var(--${colour}-edge); --ink: var(--${colour}-ink); }`).join(`
`),style=`
:root { color-scheme: light dark;
  --back: #ffffff; --raised: #f6f8fa; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --link: #0757ba;
  --green-fill: #dafbe1; --green-edge: #1a7f37; --green-ink: #0a3d1b;
  --yellow-fill: #fff8c5; --yellow-edge: #9a6700; --yellow-ink: #4d2d00;
  --red-fill: #ffebe9; --red-edge: #cf222e; --red-ink: #6e011a;
  --cyan-fill: #ddf4ff; --cyan-edge: #0969da; --cyan-ink: #0a3069;
  --grey-fill: #f6f8fa; --grey-edge: #818b98; --grey-ink: #25292e;
}
@media screen and (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --raised: #161b22; --text: #e6edf3; --quiet: #9ba4ae; --line: #3d444d; --link: #79b8ff;
    --green-fill: #0f2a19; --green-edge: #3fb950; --green-ink: #a6f0b5;
    --yellow-fill: #2e2406; --yellow-edge: #d29922; --yellow-ink: #f2d98b;
    --red-fill: #35140f; --red-edge: #f85149; --red-ink: #ffc4bd;
    --cyan-fill: #0c2440; --cyan-edge: #4493f8; --cyan-ink: #b6d9ff;
    --grey-fill: #1c2128; --grey-edge: #7d8590; --grey-ink: #d1d7e0;
  }
}
${paints}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem 1rem 3rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 0.75rem; }
h2::first-letter { text-transform: uppercase; }
h3 { font-size: 1rem; line-height: 1.4; margin: 0; font-weight: 600; }
p, ul, ol { margin: 0.5rem 0; }
ul, ol { padding-left: 1.4rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
h3 code { font-weight: 600; }
code, bdi { unicode-bidi: isolate; }
summary { cursor: pointer; padding: 0.25rem 0; }
footer { margin-top: 2.5rem; color: var(--quiet); font-size: 0.875rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; margin: 0; }
.facts dt { color: var(--quiet); font-size: 0.8125rem; }
.facts dd { margin: 0; }
.card .facts { margin-top: 0.5rem; }
.lead { font-size: 1.1rem; font-weight: 600; margin: 1.5rem 0 0.5rem; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; padding: 0; }
.counts li, .tag { background: var(--fill); color: var(--ink); border: 1px solid var(--edge); border-radius: 1rem; }
.counts li { padding: 0.15rem 0.75rem; }
.tag { font-size: 0.8125rem; font-weight: 600; padding: 0.05rem 0.55rem; white-space: nowrap; }
.alert { background: var(--fill); color: var(--ink); border-left: 4px solid var(--edge); border-radius: 4px;
  padding: 0.75rem 1rem; margin: 1rem 0; }
.alert h2 { margin: 0 0 0.25rem; font-size: 1.1rem; }
.alert a, .counts a { color: inherit; }
.findings { list-style: none; padding: 0; }
.findings > li { border-left: 4px solid var(--edge); padding: 0.25rem 0.75rem; margin: 0.75rem 0; }
.findings p { margin: 0.15rem 0; }
.card { border: 1px solid var(--line); border-left: 4px solid var(--edge); border-radius: 6px; padding: 0.75rem 1rem;
  margin: 0.75rem 0; scroll-margin-top: 0.5rem; }
.card:target { outline: 3px solid var(--link); outline-offset: 2px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.6rem; }
.head p { margin: 0; }
.what { margin: 0.75rem 0 0.25rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.5rem; }
.cause { display: inline-flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.5rem; color: var(--quiet); font-size: 0.8125rem; }
.cause b { color: var(--text); font-weight: 600; }
.outside b, .both b { background: var(--yellow-fill); color: var(--yellow-ink); padding: 0 0.3rem; border-radius: 3px; }
pre { margin: 0.25rem 0; padding: 0.4rem 0; background: var(--raised); border-radius: 6px; white-space: pre-wrap; }
pre > * { display: block; position: relative; padding: 0 0.75rem 0 calc(0.75rem + 2ch); text-decoration: none; unicode-bidi: isolate; }
pre b { position: absolute; left: 0.75rem; font-weight: inherit; }
pre ins { background: var(--green-fill); color: var(--green-ink); }
pre del { background: var(--red-fill); color: var(--red-ink); }
.fields dt { margin-top: 0.4rem; }
.fields dd { margin: 0 0 0 1rem; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
.wide svg { display: block; margin: 0 auto; }
.wide .paper { fill: var(--back); }
.wide .box > g { fill: var(--fill); stroke: var(--edge); }
.wide .box text { fill: var(--ink); opacity: 1; }
.wide .omitted { fill: var(--quiet); }
.wide a:focus-visible { outline-offset: -2px; }
.wide a:hover .box > g { stroke-width: 3; }
@media print {
  :root { color-scheme: light; --back: #ffffff; --text: #000000; --link: #000000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .card, .findings > li { break-inside: avoid-page; }
  h2, .head { break-after: avoid; }
  .wide { overflow: visible; border: 0; }
  .wide svg { max-width: 100%; height: auto; }
  .counts li, .tag, .alert, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;var isText=part=>typeof part=="string",shown=part=>Array.isArray(part)?part.map(shown):isText(part)?printable(part):part,html=(strings,...values)=>{let flat=strings.map(text=>text.replaceAll(/\n\s*/g,`
`));return u(flat,...values.map(shown))},nothing=html``,joined=(parts,between)=>l(parts.join(between)),lines=parts=>l(parts.map(part=>part.trim()).filter(part=>part!=="").join(`
`)),markup=text=>l(text),link=(text,url)=>url!==void 0&&/^https?:\/\//i.test(url)?html`<a href="${url}">${text}</a>`:html`${text}`,code=text=>html`<code>${text}</code>`,anchorOf=step=>`change-${step.replace(/[^\w.-]/gu,character=>`~${(character.codePointAt(0)??0).toString(16)}~`)}`,timeOf=instant=>{let time=new Date(instant);if(Number.isNaN(time.getTime()))return html`${instant}`;let iso=time.toISOString();return html`<time datetime="${iso}">${iso.slice(0,16).replace("T"," ")} UTC</time>`},factsList=facts=>facts.length===0?nothing:html`<dl class="facts">
        ${facts.map(({name,value})=>html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`)}
      </dl>`,policy=`default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'`,countHtml=({number,words,at})=>{let text=html`<b>${grouped(number)}</b> ${words}`;return at===void 0?text:html`<a href="#${at}">${text}</a>`},countsList=counts=>html`<ul class="counts">
    ${counts.map(each=>html`<li class="${each.kind}">${countHtml(each)}</li>`)}
  </ul>`,section=(id,heading,parts)=>parts.length===0?nothing:html`<section id="${id}" aria-labelledby="${id}-heading">
        <h2 id="${id}-heading">${heading}</h2>
        ${lines(parts)}
      </section>`,MOST_OPEN=20,folded=(summary,body)=>html`<details>
    <summary>${summary}</summary>
    ${body}
  </details>`,listOf=(items,words)=>{let all=html`<ul>
    ${items.map(item=>html`<li>${item}</li>`)}
  </ul>`;return items.length>MOST_OPEN?folded(words,all):all},pageOf=({title,facts,made},content)=>`${html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${markup(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${factsList(facts)}
        </header>
        <main>${lines(content)}</main>
        <footer><p>Made by polytomic-gitops, ${timeOf(made)}.</p></footer>
      </body>
    </html>`.toString()}
`;export{html,nothing,joined,lines,markup,link,code,anchorOf,timeOf,factsList,countsList,section,folded,listOf,pageOf};
