using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace PSConvNet.Layers;

/// <summary>A setting of a kind of layer: a property of its record that can be set.</summary>
/// <param name="property">The property.</param>
/// <param name="isPositional">Whether the record's constructor asks for it, so that there is no default.</param>
internal sealed class LayerSetting(PropertyInfo property, bool isPositional)
{
    /// <summary>The property's name: <c>KernelSize</c>.</summary>
    public string Name => property.Name;

    /// <summary>The type of its values.</summary>
    public Type Type => property.PropertyType;

    /// <summary>Whether every layer of the kind has to be given one.</summary>
    public bool IsRequired => isPositional;

    /// <summary>The values it can have; null where its type says it all.</summary>
    public SettingRangeAttribute? Range { get; } = property.GetCustomAttribute<SettingRangeAttribute>();

    /// <summary>A layer's value.</summary>
    public object? Of(LayerSpec layer) => property.GetValue(layer);

    /// <summary>What is wrong with a layer's value, as a sentence; null where nothing is.</summary>
    public string? Fault(LayerSpec layer) =>
        Range is { } range && Of(layer) is { } value && !range.Contains(value)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{property.ReflectedType!.Name}.{Name} must be {range.Words(Type)}, not {value}."
            )
            : null;
}

/// <summary>A kind of layer: its name and its settings, read from its record.</summary>
internal sealed class LayerKind
{
    private readonly ConstructorInfo _constructor;

    /// <summary>Reads a record.</summary>
    /// <param name="type">A type derived from <see cref="LayerSpec"/>.</param>
    public LayerKind(Type type)
    {
        Type = type;
        Name = NameOf(type);
        _constructor = type.GetConstructors().Single();
        var required = _constructor.GetParameters().Select(parameter => parameter.Name!).ToList();
        Settings =
        [
            .. required.Select(name => new LayerSetting(type.GetProperty(name)!, isPositional: true)),
            .. type.GetProperties()
                .Where(property => property.CanWrite && property.DeclaringType != typeof(LayerSpec))
                .Where(property => !required.Contains(property.Name))
                .Select(property => new LayerSetting(property, isPositional: false)),
        ];
    }

    /// <summary>The kind's name: <c>Conv</c> for <see cref="ConvLayer"/>, <c>Residual</c> for <see cref="ResidualBlock"/>.</summary>
    public string Name { get; }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>The settings: what the constructor asks for, then the others as they are declared.</summary>
    public ImmutableArray<LayerSetting> Settings { get; }

    /// <summary>A layer's settings that differ from their defaults, among them all that have none.</summary>
    public IEnumerable<LayerSetting> Given(LayerSpec layer)
    {
        object?[] required = [.. Settings.Where(setting => setting.IsRequired).Select(setting => setting.Of(layer))];
        var usual = (LayerSpec)_constructor.Invoke(required);
        return Settings.Where(setting => setting.IsRequired || !Equals(setting.Of(layer), setting.Of(usual)));
    }

    /// <summary>The name of a record's kind: the type's without <c>Layer</c> or <c>Block</c>.</summary>
    public static string NameOf(Type type) =>
        type.Name.EndsWith("Layer", StringComparison.Ordinal) || type.Name.EndsWith("Block", StringComparison.Ordinal)
            ? type.Name[..^5]
            : type.Name;
}
