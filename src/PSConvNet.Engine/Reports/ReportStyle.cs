namespace PSConvNet.Reports;

/// <summary>How a report looks.</summary>
internal static class ReportStyle
{
    /// <summary>
    /// The style sheet. The colours are those of the pictures (<see cref="Drawing.Theme"/>); all are named first, for light and for dark, and
    /// nothing else names one. It must hold neither ampersands nor angle brackets: XML and HTML read those differently.
    /// </summary>
    public const string Text = """

        :root{color-scheme:light dark;--page:#ffffff;--ink:#1f2328;--faint:#57606a;--panel:#f3f5f7;--rule:#d0d7de;--link:#0060a8}
        @media (prefers-color-scheme:dark){
        :root{--page:#0d1117;--ink:#e6edf3;--faint:#adb6c0;--panel:#171d25;--rule:#3d444d;--link:#56b4e9}
        }
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:62rem;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%;text-size-adjust:100%}
        h1{margin:0 0 .5rem;font-size:1.9rem;line-height:1.25}
        h2{margin:2.75rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--rule);font-size:1.4rem;line-height:1.3}
        h3{margin:2rem 0 .5rem;font-size:1.12rem;line-height:1.3}
        p{margin:.6rem 0;max-width:46rem}
        a{color:var(--link)}
        .verdict{font-size:1.2rem;line-height:1.45}
        .note{margin:1rem 0;padding:.2rem 1rem;border-left:4px solid var(--rule);background:var(--panel)}
        .note p{white-space:pre-line}
        .aside,figcaption,caption,footer{color:var(--faint);font-size:.92rem}
        .skip{position:absolute;left:-999rem;top:.5rem;padding:.5rem 1rem;background:var(--page);color:var(--link);border:2px solid var(--link)}
        .skip:focus{left:.5rem;z-index:1}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        main:focus{outline:none}
        nav{margin:1.25rem 0;padding:.5rem 1rem;background:var(--panel)}
        nav ul{display:flex;flex-wrap:wrap;gap:0 1.4rem;margin:0;padding:0;list-style:none}
        nav a{display:inline-block;padding:.3rem 0}
        .scroll{max-width:100%;overflow-x:auto;margin:1rem 0;overflow-wrap:normal}
        table{border-collapse:collapse;font-size:.95rem;font-variant-numeric:tabular-nums}
        caption{padding:0 0 .4rem;text-align:left}
        caption span{display:inline-block;position:sticky;left:0;max-width:calc(100vw - 3rem);overflow-wrap:break-word}
        th,td{padding:.3rem .7rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top;overflow-wrap:break-word}
        td,tbody th{max-width:24rem}
        thead th{border-bottom-width:2px;vertical-align:bottom;overflow-wrap:normal}
        tbody th{font-weight:600}
        .number{text-align:right;white-space:nowrap}
        thead .number{white-space:normal}
        .words{min-width:14rem}
        .matrix th,.matrix td{padding:.2rem .45rem}
        .matrix .same{background:var(--panel);font-weight:600}
        figure{margin:1.25rem 0}
        figure .scroll{margin:0 0 .4rem}
        figure svg{display:block}
        figcaption{max-width:46rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;margin:1rem 0}
        dt{color:var(--faint)}
        dd{margin:0}
        details{margin:.8rem 0}
        summary{padding:.25rem 0;color:var(--link);cursor:pointer}
        pre{margin:1rem 0;padding:1rem;background:var(--panel);font:.88rem/1.5 ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
        footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--rule)}
        @media (max-width:40rem){
        body{padding-top:1rem}
        h1{font-size:1.5rem}
        h2{font-size:1.25rem}
        .verdict{font-size:1.05rem}
        dl{grid-template-columns:1fr;gap:0}
        dd{margin-bottom:.5rem}
        th,td{padding:.3rem .5rem}
        }
        @media print{
        body{max-width:none;padding:0;font-size:10pt}
        nav,.skip{display:none}
        details::details-content{content-visibility:visible;block-size:auto}
        .scroll{overflow:visible}
        table{font-size:8pt}
        th,td{padding:.15rem .3rem}
        figure svg{min-width:0 !important}
        figure,tr,pre{break-inside:avoid}
        h2,h3{break-after:avoid}
        }

        """;
}
