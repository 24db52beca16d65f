/** How the page looks, in light and in dark. */
export const style = `
:root {
  --back: #f6f7f9; --card: #fff; --line: #dfe3e8; --text: #1c2430; --soft: #566172; --link: #1d5fbf;
  --good: #12703f; --good-back: #e2f4e9; --bad: #b3261e; --bad-back: #fdeae8;
  --warn: #855500; --warn-back: #fcf1d9; --code: #eef1f5; --focus: #2f6fed;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #12161c; --card: #1a2029; --line: #303946; --text: #e4e9f0; --soft: #a3afbf; --link: #8ab8ff;
    --good: #71d49b; --good-back: #15301f; --bad: #ff9d94; --bad-back: #3a1a1a;
    --warn: #f1c469; --warn-back: #352a11; --code: #252d39; --focus: #7fb0ff;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1280px; margin: 0 auto; padding: 0 24px; }
h1 { margin: 0; font-size: 28px; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 36px 0 12px; font-size: 19px; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
ul { margin: 6px 0; padding-left: 20px; overflow-wrap: anywhere; }
button, input, select { font: inherit; color: inherit; }
button:not(:disabled) { cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
header { padding-top: 32px; }
header .name { margin: 0 0 4px; color: var(--soft); font-weight: 600; }
header p { margin: 6px 0; }
header h1::before { content: "●"; margin-right: 12px; }
header.good h1::before { color: var(--good); }
header.bad h1::before { color: var(--bad); }
.failures, .untrusted { color: var(--bad); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr)); gap: 12px; margin-top: 18px; }
.side { padding: 14px 18px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.side h2 { margin: 0; font-size: 15px; }
.side p { margin: 2px 0 0; color: var(--soft); }
#filter { position: sticky; top: 0; z-index: 1; margin: 0 -8px; padding: 10px 8px 6px; background: var(--back); }
.standings { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 10px; }
.standings button { padding: 4px 14px; background: var(--card); border: 1px solid var(--line); border-radius: 99px; }
.standings button[aria-pressed=true] { border-color: var(--focus); box-shadow: inset 0 0 0 1px var(--focus); }
.standings [data-standing=passed] b { color: var(--good); }
.standings [data-standing=failed] b { color: var(--bad); }
.standings [data-standing=known] b, .standings [data-standing="not verified"] b { color: var(--warn); }
.fields { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
.fields label { display: grid; gap: 2px; color: var(--soft); font-size: 13px; }
.fields .text { flex: 1 1 180px; }
.fields input, .fields select, .reset { width: 100%; min-width: 0; max-width: 100%; height: 34px; padding: 0 10px; background: var(--card); color: var(--text); border: 1px solid var(--line); border-radius: 7px; font-size: 15px; }
.fields select { max-width: 210px; }
.reset { width: auto; }
#count { margin: 6px 0 0; color: var(--soft); font-size: 13px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 8px 14px; text-align: left; vertical-align: top; font-weight: normal; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: 13px; white-space: nowrap; }
thead button { padding: 0; background: none; border: 0; color: inherit; font-weight: 600; }
th[aria-sort=ascending] button::after { content: " ↑"; }
th[aria-sort=descending] button::after { content: " ↓"; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; color: var(--soft); }
.result { display: inline-block; padding: 1px 9px; background: var(--code); border-radius: 6px; font-size: 13px; font-weight: 600; white-space: nowrap; }
[data-standing=passed] .result { background: var(--good-back); }
[data-standing=failed] .result { background: var(--bad-back); }
[data-standing=known] .result, [data-standing="not verified"] .result { background: var(--warn-back); }
.result .pass { color: var(--good); }
.result .fail { color: var(--bad); }
.slash { padding: 0 2px; color: var(--soft); }
.open { padding: 0; background: none; border: 0; text-align: left; white-space: normal; }
.open code { margin-right: 6px; color: var(--link); }
.open:not(:disabled):hover code { text-decoration: underline; }
.open[aria-expanded=true] span { font-weight: 600; }
th { overflow-wrap: anywhere; }
#rows tr { scroll-margin-top: 150px; }
tr:target { box-shadow: inset 3px 0 var(--focus); }
.reasons { margin: 4px 0 0; color: var(--soft); font-size: 14px; }
.open, .tags { display: inline; }
.open { margin-right: 8px; }
.tag { display: inline-block; margin-right: 6px; padding: 0 7px; border: 1px solid var(--line); border-radius: 5px; color: var(--soft); font-size: 12px; }
.details > td { padding: 4px 14px 22px; border-top: 0; }
.details h3 { margin: 18px 0 6px; font-size: 14px; }
.details h4 { margin: 10px 0 4px; font-size: 13px; font-weight: 600; overflow-wrap: anywhere; }
.details pre { max-height: 420px; margin: 0; padding: 10px 12px; overflow: auto; background: var(--code); border-radius: 7px; white-space: pre-wrap; overflow-wrap: anywhere; }
.details table { margin-top: 4px; }
.details .scroll { border-radius: 7px; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 22px; margin: 0; color: var(--soft); font-size: 13px; }
.facts div { display: flex; gap: 6px; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 16px; }
.pair > * { min-width: 0; }
.curl { display: flex; gap: 8px; align-items: start; }
.curl pre { flex: 1; }
.curl button { padding: 4px 10px; background: var(--card); border: 1px solid var(--line); border-radius: 7px; }
.coverage td { font-size: 12px; color: var(--soft); min-width: 74px; }
.coverage td.seen { background: var(--good-back); color: var(--text); }
.coverage td.unseen { background: var(--bad-back); color: var(--bad); }
.coverage summary { cursor: pointer; }
footer { margin-top: 36px; padding-bottom: 48px; color: var(--soft); font-size: 13px; }
@media (min-width: 761px) { #rows > tbody > tr > td:nth-child(3) code { white-space: nowrap; } }
@media (max-width: 760px) {
  header, main, footer { padding: 0 14px; }
  #filter { position: static; }
  #rows thead th:nth-child(n+3), #rows > tbody > tr:not(.details) > td:nth-child(n+3) { display: none; }
}
@media print { #filter { display: none; } .scroll { overflow: visible; } }
`;
