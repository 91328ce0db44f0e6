using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PSConvNet.Layers;

/// <summary>
/// All kinds of layers: every record in this assembly that derives from <see cref="LayerSpec"/>. Files, scripts, diagrams and the JSON schema
/// know a kind from here, so that a new one is a file of its own in Layers/Kinds.
/// </summary>
internal static class LayerCatalog
{
    private static readonly ImmutableDictionary<Type, LayerKind> s_kinds = typeof(LayerSpec)
        .Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(LayerSpec)) && !type.IsAbstract)
        .ToImmutableDictionary(type => type, type => new LayerKind(type));

    /// <summary>The property of a JSON object that names a layer's kind.</summary>
    private const string Discriminator = "kind";

    /// <summary>The kinds by name.</summary>
    public static ImmutableArray<LayerKind> Kinds { get; } =
    [.. s_kinds.Values.OrderBy(kind => kind.Name, StringComparer.Ordinal)];

    /// <summary>A layer's kind.</summary>
    public static LayerKind Of(LayerSpec layer) => s_kinds[layer.GetType()];

    /// <summary>Lets a serializer tell the kinds apart.</summary>
    public static void Describe(JsonTypeInfo type)
    {
        if (type.Type != typeof(LayerSpec))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Discriminator };
        foreach (var kind in Kinds)
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind.Type, kind.Name));
    }
}
