using System.Management.Automation;

namespace PSConvNet.Module.Tests.Views;

/// <summary>An emitted object as it looks in several places.</summary>
/// <param name="Item">The object.</param>
/// <param name="TypeName">What its view is chosen by.</param>
/// <param name="Alone">As it prints by itself.</param>
/// <param name="AfterText">After an object that prints as text.</param>
/// <param name="AfterTable">After an object that prints as a table.</param>
/// <param name="Deserialized">After the way through a job or a remote session.</param>
/// <param name="Constrained">In a session of ConstrainedLanguage.</param>
/// <param name="German">In a culture with decimal commas.</param>
/// <param name="Json">What ConvertTo-Json makes of it.</param>
/// <param name="Csv">What ConvertTo-Csv makes of it.</param>
/// <param name="Labels">The headings of its table, or null where it isn't one.</param>
public sealed record Printed(
    PSObject Item,
    string TypeName,
    string Alone,
    string AfterText,
    string AfterTable,
    string Deserialized,
    string Constrained,
    string German,
    string Json,
    string Csv,
    IReadOnlyList<string>? Labels
)
{
    /// <summary>The lines that are not blank.</summary>
    public static IReadOnlyList<string> Lines(string text) =>
        [.. text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
}

/// <summary>Every example printed in every way, in one session.</summary>
public sealed class ViewFixture : IDisposable
{
    private readonly PowerShellSession _session = new();

    public ViewFixture()
    {
        _session.Runspace.SessionStateProxy.SetVariable("script", ViewExamples.Script);
        var made = _session.Run(
            """
            [cultureinfo]::CurrentCulture = 'en-US'
            # Plain text, as a file gets it.
            $PSStyle.OutputRendering = 'PlainText'
            $items = @(& ([scriptblock]::Create($script)))
            $text = New-SweepSpace -Choice @{ Other = 1, 2 }
            $table = [PSConvNet.Training.LearningRatePoint]::new(1, 0.1, 2.5, 2.5)
            $items
            """
        );
        Assert.Empty(made.Errors);
        Items = made.Output;
        var others = _session.Run(
            """
            foreach ($item in $items) {
                [cultureinfo]::CurrentCulture = 'en-US'
                $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($item, 1))
                $view = foreach ($name in $item.PSTypeNames) {
                    $found = Get-FormatData -TypeName $name -PowerShellVersion 7.4
                    if ($found) { $found.FormatViewDefinition[0].Control; break }
                }
                $labels = $view.Headers.Label -as [string[]]
                $item | Out-String -Width 80
                $text, $item | Out-String -Width 80
                $table, $item | Out-String -Width 80
                $copy | Out-String -Width 80
                ConvertTo-Json -InputObject $item -Depth 6 -WarningAction Ignore
                $labels -join "`n"
                [cultureinfo]::CurrentCulture = 'de-DE'
                $item | Out-String -Width 80
                ($item | ConvertTo-Csv) -join "`n"
            }
            """
        );
        Assert.Empty(others.Errors);
        var texts = others.Output.Select(text => text.ToString()).Chunk(8).ToList();
        var constrained = Constrained();
        All =
        [
            .. Items.Select(
                (item, i) =>
                    new Printed(
                        item,
                        item.TypeNames[0],
                        texts[i][0],
                        texts[i][1],
                        texts[i][2],
                        texts[i][3],
                        constrained[i],
                        texts[i][6],
                        texts[i][4],
                        texts[i][7],
                        texts[i][5].Length > 0 ? texts[i][5].Split('\n') : null
                    )
            ),
        ];
    }

    /// <summary>The examples.</summary>
    public IReadOnlyList<PSObject> Items { get; }

    /// <summary>What they look like.</summary>
    public IReadOnlyList<Printed> All { get; }

    /// <summary>The types that the module's commands say they emit, each as the kinds there are of it, and those that views are written for.</summary>
    internal IReadOnlySet<string> EmittedTypes()
    {
        var names = _session
            .Run(
                """
                $said = Get-Command -Module PSConvNet | ForEach-Object { $_.ImplementingType.GetCustomAttributes([Management.Automation.OutputTypeAttribute], $true) } |
                    ForEach-Object { $_.Type.Type } | Where-Object { $_.Assembly.GetName().Name -like 'PSConvNet*' }
                foreach ($type in $said | Sort-Object -Unique FullName) {
                    if (-not $type.IsAbstract) { $type.FullName; continue }
                    # The schedule of range tests is made and used within one.
                    $type.Assembly.GetTypes() | Where-Object { -not $_.IsAbstract -and $type.IsAssignableFrom($_) -and $_.Name -ne 'RangeSchedule' } |
                        ForEach-Object FullName
                }
                $bases = [Collections.Generic.HashSet[string]]@($said | ForEach-Object FullName)
                (Get-FormatData -TypeName PSConvNet.* -PowerShellVersion 7.4).TypeNames | Where-Object { -not $bases.Contains($_) }
                """
            )
            .Output;
        return names.Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Those of the examples' types that print as PowerShell prints anything.</summary>
    internal IReadOnlyList<string> WithoutView() =>
        [
            .. _session
                .Run(
                    """
                    foreach ($item in $items) {
                        $names = $item.PSTypeNames -ne 'System.Object'
                        if (-not (Get-FormatData -TypeName $names -PowerShellVersion 7.4)) { $names[0] }
                    }
                    """
                )
                .Output.Select(name => name.ToString()),
        ];

    public void Dispose()
    {
        _session.Dispose();
    }

    private List<string> Constrained()
    {
        var proxy = _session.Runspace.SessionStateProxy;
        proxy.LanguageMode = PSLanguageMode.ConstrainedLanguage;
        try
        {
            var result = _session.Run(
                "[cultureinfo]::CurrentCulture = 'en-US'; foreach ($item in $items) { $item | Out-String -Width 80 }"
            );
            Assert.Empty(result.Errors);
            return [.. result.Output.Select(text => text.ToString())];
        }
        finally
        {
            proxy.LanguageMode = PSLanguageMode.FullLanguage;
        }
    }
}
