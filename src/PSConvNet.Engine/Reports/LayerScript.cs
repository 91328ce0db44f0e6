using System.Text;

namespace PSConvNet.Reports;

/// <summary>Layers as the pipeline that makes them.</summary>
internal static class LayerScript
{
    private const int Step = 4;

    /// <summary>The commands, one a line but for the first, which goes where the text begins.</summary>
    /// <param name="layers">First to last.</param>
    /// <param name="indent">The blanks before each line.</param>
    public static string Write(IEnumerable<LayerSpec> layers, int indent = Step) =>
        string.Join($" |\n{new string(' ', indent)}", layers.Select(layer => Command(layer, indent)));

    /// <summary>A shape as an argument: <c>28,28,1</c>.</summary>
    public static string Dimensions(Shape shape) =>
        string.Join(',', shape.Dimensions.Select(d => PowerShellText.Number(d)));

    private static string Command(LayerSpec layer, int indent)
    {
        var text = new StringBuilder($"New-{layer.GetType().Name}");
        var given = LayerCatalog.Of(layer).Given(layer).ToList();
        foreach (var setting in LayerCatalog.Of(layer).Settings)
        {
            if (given.Contains(setting) || setting.Name == layer.AlwaysNamed)
                text.Append(' ').Append(Argument(setting, setting.Of(layer), indent));
        }
        if (layer.Frozen)
            text.Append(" -Frozen");
        if (layer.Name is { Length: > 0 } name)
            text.Append(" -Name ").Append(PowerShellText.Argument(name));
        return text.ToString();
    }

    /// <summary><c>-Stride 2,1</c>; what the command asks for goes without its parameter's name.</summary>
    private static string Argument(LayerSetting setting, object? value, int indent) =>
        value switch
        {
            // A layer that leaves out what others have: -NoBias for UseBias.
            false when setting.Name.StartsWith("Use", StringComparison.Ordinal) => $"-No{setting.Name[3..]}",
            bool => $"-{setting.Name}",
            _ => (setting.IsRequired ? "" : $"-{setting.Name} ") + Value(value, indent),
        };

    private static string Value(object? value, int indent) =>
        value switch
        {
            int number => PowerShellText.Number(number),
            double number => PowerShellText.Number(number),
            Window window => Numbers(window),
            IEnumerable<LayerSpec> layers => Block(layers, indent),
            _ => $"{value}",
        };

    private static string Block(IEnumerable<LayerSpec> layers, int indent)
    {
        var within = new string(' ', indent + Step);
        return $"{{\n{within}{Write(layers, indent + Step)}\n{new string(' ', indent)}}}";
    }

    /// <summary>One number where both are the same.</summary>
    private static string Numbers(Window window) =>
        window.Height == window.Width
            ? PowerShellText.Number(window.Height)
            : $"{PowerShellText.Number(window.Height)},{PowerShellText.Number(window.Width)}";
}
