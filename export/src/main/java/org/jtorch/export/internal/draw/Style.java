package org.jtorch.export.internal.draw;

/** How a {@link Page} looks. */
final class Style {

    static final String CSS = """
            :root { color-scheme: light dark; --page: #fff; --text: #1d2330; --quiet: #5c6675; --line: #8a94a3; --rule: #d9dee5;
                --operator: #eef1f5; --operator-edge: #98a3b3; --view: #fff; --view-edge: #c3cad4; --fused: #d8f0df;
                --fused-edge: #2f8a4f; --added: #fdeccc; --added-edge: #b97a10; --end: #dbe9fd; --end-edge: #2f6bc4; }
            @media (prefers-color-scheme: dark) {
                :root { --page: #14171d; --text: #e6e9ee; --quiet: #9aa4b2; --line: #6d7786; --rule: #333a45;
                --operator: #252b35; --operator-edge: #5c6878; --view: #191d24; --view-edge: #434c59; --fused: #173d26;
                --fused-edge: #4bb173; --added: #47330d; --added-edge: #d79a34; --end: #17325a; --end-edge: #6a9fee; } }
            body { margin: 0; padding: 16px 24px 40px; background: var(--page); color: var(--text);
                font: 14px/1.45 system-ui, sans-serif; }
            h1 { font-size: 20px; margin: 0 0 12px; overflow-wrap: anywhere; }
            h2 { font-size: 16px; margin: 28px 0 10px; overflow-wrap: anywhere; }
            table { border-collapse: collapse; margin: 8px 0; }
            th, td { text-align: left; padding: 2px 14px 2px 0; border-bottom: 1px solid var(--rule); }
            th { color: var(--quiet); font-weight: 600; }
            .n { text-align: right; font-variant-numeric: tabular-nums; }
            .none td { color: var(--quiet); }
            details { margin: 10px 0; }
            details td, pre, svg text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
                font-size: 12px; }
            pre { overflow-x: auto; }
            .graph { overflow-x: auto; border: 1px solid var(--rule); border-radius: 6px; margin: 10px 0; }
            .graph svg { display: block; margin: 0 auto; }
            svg text { fill: var(--text); text-anchor: middle; }
            svg .heading { font-weight: 700; }
            svg .detail { fill: var(--quiet); }
            svg path { fill: none; stroke: var(--line); stroke-width: 1.2; }
            svg .head { fill: var(--line); stroke: none; }
            svg rect { stroke-width: 1.2; }
            svg g:hover rect { stroke-width: 2.6; }
            svg g:hover path { stroke: var(--text); stroke-width: 2.2; }
            .legend span { display: inline-block; margin: 0 8px 4px 0; padding: 1px 10px; border: 1.2px solid;
                border-radius: 5px; }
            svg .operator rect { fill: var(--operator); stroke: var(--operator-edge); }
            svg .view rect { fill: var(--view); stroke: var(--view-edge); }
            svg .fused rect { fill: var(--fused); stroke: var(--fused-edge); }
            svg .added rect { fill: var(--added); stroke: var(--added-edge); }
            svg .input rect, svg .output rect { fill: var(--end); stroke: var(--end-edge); }
            .legend .operator { background: var(--operator); border-color: var(--operator-edge); }
            .legend .view { background: var(--view); border-color: var(--view-edge); }
            .legend .fused { background: var(--fused); border-color: var(--fused-edge); }
            .legend .added { background: var(--added); border-color: var(--added-edge); }
            .legend .input, .legend .output { background: var(--end); border-color: var(--end-edge); }
            """;

    private Style() {}
}
