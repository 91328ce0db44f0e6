namespace PSConvNet.Models;

/// <summary>Layers of a model by the names that its summary gives them.</summary>
internal static class LayerSelection
{
    /// <summary>The layer of a name, in whatever case.</summary>
    /// <exception cref="ConvNetException"><c>LayerUnknown</c>.</exception>
    public static LayerSummary One(Model model, string name) =>
        model.Summary.Layers.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ConvNetException(
            ErrorIds.LayerUnknown,
            ErrorKind.NotFound,
            $"{model.Name} has no layer '{name}'; it has {Names(model, _ => true):text}.",
            name
        );

    /// <summary>The names of some layers, separated by commas.</summary>
    public static string Names(Model model, Func<LayerSpec, bool> wanted) =>
        PrintableText.Names(model.Summary.Layers.Where(row => wanted(row.Layer)).Select(row => row.Name));
}
