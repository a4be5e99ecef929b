/** The look of the report, light or dark as the reader's system has it. */
export const style = `
:root { color-scheme: light dark;
  --ink: light-dark(#1c2530, #e4e9ef); --dim: light-dark(#5b6672, #97a3b0); --rule: light-dark(#e2e6ea, #2b333c);
  --paper: light-dark(#ffffff, #14191f); --card: light-dark(#f5f7f9, #1c232b);
  --service: light-dark(#c2410c, #fb923c); --server: light-dark(#b91c1c, #f87171); --network: light-dark(#6d28d9, #a78bfa);
  --message: light-dark(#0369a1, #38bdf8); --outside: light-dark(#a16207, #facc15); --good: light-dark(#15803d, #4ade80); }
body { margin: 0 auto; max-width: 1100px; padding: 24px 20px 60px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 36px 0 8px; }
p { margin: 4px 0; } .dim { color: var(--dim); }
.good { color: var(--good); } .bad { color: var(--server); }
code, pre { font: 13px/1.5 ui-monospace, monospace; } pre { background: var(--card); padding: 10px 12px; overflow-x: auto; border-radius: 6px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 18px 0; }
.tile { background: var(--card); border-radius: 8px; padding: 10px 14px; } .tile b { display: block; font-size: 22px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } .wide { overflow-x: auto; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { color: var(--dim); font-weight: 500; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; margin: 6px 0; overflow: visible; }
svg text { font: 11px system-ui, sans-serif; fill: var(--ink); } svg .title { font-weight: 600; } svg .unit { fill: var(--dim); font-weight: 400; }
svg .tick { fill: var(--dim); text-anchor: end; font-size: 10px; } svg .mark { fill: var(--dim); text-anchor: middle; font-size: 10px; }
svg .rule { stroke: var(--rule); } svg .line { fill: none; stroke-width: 1.4; } svg .word { font-weight: 500; }
.line.c-service { stroke: var(--service); } .line.c-server { stroke: var(--server); } .line.c-network { stroke: var(--network); }
.line.c-message { stroke: var(--message); } .line.c-good { stroke: var(--good); }
.bar.c-service, .word.c-service { fill: var(--service); } .bar.c-server, .word.c-server { fill: var(--server); }
.bar.c-network, .word.c-network { fill: var(--network); } .bar.c-message, .word.c-message { fill: var(--message); }
.bar.c-outside { fill: var(--outside); } .word.c-good { fill: var(--good); }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--dim); }
`
