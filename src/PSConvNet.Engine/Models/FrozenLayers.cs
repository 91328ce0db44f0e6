namespace PSConvNet.Models;

/// <summary>
/// Which layers a training leaves as they are. A frozen block freezes all within it. What <see cref="TrainingOptions.Unfrozen"/> names is
/// trained, whatever else says that it is frozen.
/// </summary>
internal static class FrozenLayers
{
    /// <summary>A kernel that has parameters, and the layers it is in, outermost first, itself last.</summary>
    private sealed record Unit(Kernel Kernel, IReadOnlyList<string> Names)
    {
        public bool IsAnyOf(Func<string, bool> matches) => Names.Any(matches);
    }

    /// <summary>The kernels that layers were made with <see cref="LayerSpec.Frozen"/> for.</summary>
    public static IReadOnlySet<Kernel> Own(IReadOnlyList<CompiledLayer> network) =>
        Frozen(Units(network), OwnNames(network).Contains);

    /// <summary>What a training with these options changes.</summary>
    /// <exception cref="ConvNetException">
    /// <c>LayerUnknown</c>, <c>LayerHasNoWeights</c>: a name or pattern fits no layer, or none that could be frozen.
    /// <c>NothingToTrain</c>: all layers are frozen.
    /// </exception>
    public static TrainedParameters Trained(Model model, TrainingOptions options)
    {
        var units = Units(model.Network).ToList();
        RequireMatches(model, units, options.Frozen, nameof(TrainingOptions.Frozen));
        RequireMatches(model, units, options.Unfrozen, nameof(TrainingOptions.Unfrozen));
        var trained = new TrainedParameters(model.Store, Of(model, units, options));
        if (trained.Slots.Count == 0 && units.Count > 0)
        {
            throw new ConvNetException(
                ErrorIds.NothingToTrain,
                ErrorKind.InvalidArgument,
                $"Every layer of {model.Name} that has weights is frozen ({units.Select(unit => unit.Names[^1])}): leave out the layer to be trained, or name it with TrainingOptions.Unfrozen.",
                model
            );
        }
        return trained;
    }

    /// <summary>Refuses names that change nothing: of two that contradict each other one would win unseen.</summary>
    /// <exception cref="ConvNetException"><c>TrainingOptionInvalid</c>.</exception>
    public static void RequireEffect(Model model, TrainingOptions options)
    {
        var units = Units(model.Network).ToList();
        var own = OwnNames(model.Network);
        foreach (var pattern in options.Frozen?.Patterns ?? [])
        {
            var one = LayerPatterns.Of(pattern)!;
            if (
                options.Unfrozen is { } exceptions
                && units.Where(unit => unit.IsAnyOf(one.Matches)).All(unit => unit.IsAnyOf(exceptions.Matches))
            )
                throw NoEffect(
                    $"TrainingOptions.Frozen {pattern} freezes no layer of {model.Name}, because TrainingOptions.Unfrozen {exceptions} names all of them again. Leave out one of the two.",
                    pattern
                );
        }
        foreach (var pattern in options.Unfrozen?.Patterns ?? [])
        {
            var one = LayerPatterns.Of(pattern)!;
            if (
                !units
                    .Where(unit => unit.IsAnyOf(one.Matches))
                    .Any(unit => unit.IsAnyOf(name => own.Contains(name) || options.Frozen?.Matches(name) == true))
            )
                throw NoEffect(
                    $"TrainingOptions.Unfrozen {pattern} does nothing: no layer of {model.Name} that it names is frozen. Leave it out, or name the layers that stay as they are with TrainingOptions.Frozen (TrainingOptions.Frozen * TrainingOptions.Unfrozen {pattern}).",
                    pattern
                );
        }

        static ConvNetException NoEffect(string message, string pattern) =>
            new(ErrorIds.TrainingOptionInvalid, ErrorKind.InvalidArgument, message, pattern);
    }

    /// <summary>The names of the layers that stay as they are, as few as say it: a block's stands for all within it.</summary>
    public static IReadOnlyList<string> Names(Model model, TrainingOptions options)
    {
        var units = Units(model.Network).ToList();
        var frozen = Of(model, units, options);
        var names = new List<string>();
        foreach (var unit in units.Where(unit => frozen.Contains(unit.Kernel)))
        {
            var name = unit.Names.First(name =>
                units.TrueForAll(other => !other.Names.Contains(name) || frozen.Contains(other.Kernel))
            );
            if (!names.Contains(name))
                names.Add(name);
        }
        return names;
    }

    private static HashSet<Kernel> Of(Model model, IEnumerable<Unit> units, TrainingOptions options)
    {
        var own = OwnNames(model.Network);
        return Frozen(
            units.Where(unit => options.Unfrozen is not { } exceptions || !unit.IsAnyOf(exceptions.Matches)),
            name => own.Contains(name) || options.Frozen?.Matches(name) == true
        );
    }

    private static HashSet<Kernel> Frozen(IEnumerable<Unit> units, Func<string, bool> matches) =>
        [.. units.Where(unit => unit.IsAnyOf(matches)).Select(unit => unit.Kernel)];

    /// <summary>The names of the layers that were made frozen, those within blocks as <c>block/layer</c>.</summary>
    private static HashSet<string> OwnNames(IReadOnlyList<CompiledLayer> network) =>
        network
            .SelectMany(layer => layer.SelfAndDescendants())
            .Where(layer => layer.Layer.Frozen)
            .Select(layer => layer.Path)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Unit> Units(IEnumerable<CompiledLayer> layers, IReadOnlyList<string>? within = null)
    {
        foreach (var layer in layers)
        {
            IReadOnlyList<string> names = [.. within ?? [], layer.Path];
            foreach (var kernel in layer.Parametrized)
                yield return new Unit(kernel, names);
            foreach (var unit in Units(layer.Children, names))
                yield return unit;
        }
    }

    private static void RequireMatches(Model model, List<Unit> units, LayerPatterns? patterns, string option)
    {
        if (patterns is null)
            return;
        var freezable = units.SelectMany(unit => unit.Names).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (patterns.WithoutMatch(freezable).FirstOrDefault() is not { } unmatched)
            return;
        if (freezable.Count == 0)
        {
            throw new ConvNetException(
                ErrorIds.LayerHasNoWeights,
                ErrorKind.InvalidArgument,
                $"No layer of {model.Name} has weights, so there is nothing to freeze: leave out TrainingOptions.{option}.",
                unmatched
            );
        }
        var without = model
            .Network.SelectMany(layer => layer.SelfAndDescendants())
            .Select(layer => layer.Path)
            .FirstOrDefault(LayerPatterns.Of(unmatched)!.Matches);
        throw without is not null
            ? new ConvNetException(
                ErrorIds.LayerHasNoWeights,
                ErrorKind.InvalidArgument,
                $"TrainingOptions.{option} names {without:text} of {model.Name}, which has no weights to freeze: name some of {freezable}.",
                unmatched
            )
            : new ConvNetException(
                ErrorIds.LayerUnknown,
                ErrorKind.NotFound,
                $"TrainingOptions.{option}: {model.Name} has no layer '{unmatched}'; those with weights are {freezable}.",
                unmatched
            );
    }
}
