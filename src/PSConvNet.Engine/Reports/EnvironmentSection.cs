using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>What the report was made with. No folders: they tell of people, and the page is passed on.</summary>
internal static class EnvironmentSection
{
    private static readonly TextColumn[] s_columns = [new("What"), new("Which")];

    /// <summary>The engine's version.</summary>
    public static string Version => ConvNetEnvironment.EngineVersion();

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup)
    {
        var found = ConvNetEnvironment.Inspect();
        (string Name, string? Value)[] facts =
        [
            ("PSConvNet", found.Version),
            ("TorchSharp", found.TorchSharpVersion),
            ("libtorch", found.LibTorchVersion),
            (".NET", found.RuntimeVersion),
            ("Operating system", $"{found.OperatingSystem} ({found.RuntimeIdentifier})"),
            ("Processor", found.Cpu.Name),
            ("Vector instructions", string.Join(", ", found.Cpu.Names)),
            ("Cores", ReportText.Of($"{found.Cores}")),
            ("Default number of threads", ReportText.Of($"{found.Threads}")),
            ("Default arithmetic", found.Precision.ToString()),
        ];
        return Section(
            "environment",
            "Environment",
            2,
            markup.Table(
                "The machine on which this report was written and its models were measured",
                s_columns,
                facts
                    .Where(fact => !string.IsNullOrEmpty(fact.Value))
                    .Select(fact => (IReadOnlyList<object>)[fact.Name, fact.Value!])
            ),
            Tag(
                "p",
                With("class", "aside"),
                "A model from a file may have been trained on another machine; the threads and the arithmetic of each training run are among its settings."
            )
        );
    }
}
