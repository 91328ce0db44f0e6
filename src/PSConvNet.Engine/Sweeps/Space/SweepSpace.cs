using System.Collections.Immutable;

namespace PSConvNet.Sweeps;

/// <summary>What a sweep varies. Immutable. Parameters are sorted by name, whatever order they were given in.</summary>
public sealed class SweepSpace
{
    private readonly ImmutableSortedDictionary<string, SweepCondition> _conditions;

    /// <summary>Puts parameters together.</summary>
    /// <param name="parameters">At least one, no two of one name.</param>
    /// <param name="conditions">For parameters that only some points have: when. They see the parameters without a condition.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public SweepSpace(
        IEnumerable<SweepParameter> parameters,
        IEnumerable<KeyValuePair<string, SweepCondition>>? conditions = null
    )
    {
        var sorted = parameters.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToArray();
        if (sorted.Length == 0)
            throw Invalid(
                "A sweep needs something to vary; give a ChoiceParameter, IntegerParameter, UniformParameter or LogUniformParameter.",
                null
            );
        for (var i = 1; i < sorted.Length; i++)
        {
            if (Same(sorted[i].Name, sorted[i - 1].Name))
                throw Invalid($"There are two parameters named {sorted[i].Name}; leave out one.", sorted[i].Name);
        }
        Parameters = sorted;
        _conditions = (conditions ?? []).ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var name in _conditions.Keys)
        {
            if (Find(name) is null)
                throw Invalid($"SweepSpace.Conditions names {name}, which isn't a parameter of this space.", name);
        }
        if (_conditions.Count == sorted.Length)
        {
            throw Invalid(
                "Every parameter has a condition; at least one must have none, so that the conditions can refer to it.",
                null
            );
        }
    }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyList<SweepParameter> Parameters { get; }

    /// <summary>The conditions of those parameters that have one.</summary>
    public IReadOnlyDictionary<string, SweepCondition> Conditions => _conditions;

    /// <summary>The parameter of that name, or null.</summary>
    public SweepParameter? Find(string name) => Parameters.FirstOrDefault(p => Same(p.Name, name));

    /// <summary>A point with a value for each parameter that is active.</summary>
    /// <param name="choose">
    /// Gives a parameter's value. Asked for all parameters, in their order, whether active or not, so that what it draws for one does
    /// not depend on another.
    /// </param>
    public SweepPoint Choose(Func<SweepParameter, object> choose)
    {
        var all = Parameters.Select(p => KeyValuePair.Create(p.Name, choose(p))).ToArray();
        if (_conditions.IsEmpty)
            return new SweepPoint(all);
        var always = new SweepPoint(all.Where(pair => !_conditions.ContainsKey(pair.Key)));
        return new SweepPoint(
            all.Where(pair => !_conditions.TryGetValue(pair.Key, out var condition) || condition.Holds(always))
        );
    }

    /// <summary>The point in the parameters' own types, as they come back from a file.</summary>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>: it has a name or a value that the space has not.</exception>
    public SweepPoint Read(SweepPoint point) =>
        new(
            point.Select(pair =>
                KeyValuePair.Create(
                    pair.Key,
                    (
                        Find(pair.Key)
                        ?? throw new ConvNetException(
                            ErrorIds.SweepValueInvalid,
                            ErrorKind.InvalidData,
                            $"There is no parameter {pair.Key} in this space.",
                            pair.Key
                        )
                    ).Read(pair.Value)
                )
            )
        );

    /// <summary>
    /// Refuses a point that can't be of this space: with a name or a value that it has not, or without one that all points have. Whether a
    /// condition held isn't judged.
    /// </summary>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>.</exception>
    internal void Require(SweepPoint point)
    {
        Read(point);
        if (
            Parameters.FirstOrDefault(p => !_conditions.ContainsKey(p.Name) && !point.ContainsKey(p.Name)) is
            { } missing
        )
        {
            throw new ConvNetException(
                ErrorIds.SweepValueInvalid,
                ErrorKind.InvalidData,
                $"It has no {missing.Name}, which all points of this space have.",
                missing.Name
            );
        }
    }

    /// <summary>Whether both have the same parameters with the same ranges under the same conditions.</summary>
    public bool IsSame(SweepSpace other) =>
        Parameters.SequenceEqual(other.Parameters)
        && _conditions.Count == other._conditions.Count
        && _conditions.All(pair =>
            other._conditions.TryGetValue(pair.Key, out var condition) && condition.Equals(pair.Value)
        );

    /// <summary>A parameter a line.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            Parameters.Select(p =>
                _conditions.TryGetValue(p.Name, out var when) ? $"{p} when {when.Text.Trim()}" : $"{p}"
            )
        );

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static ConvNetException Invalid(string message, object? target) =>
        new(ErrorIds.SweepSpaceInvalid, ErrorKind.InvalidArgument, message, target);
}
