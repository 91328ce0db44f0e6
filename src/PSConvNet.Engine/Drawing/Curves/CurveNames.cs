namespace PSConvNet.Drawing;

/// <summary>Names for runs that are shown together.</summary>
internal static class CurveNames
{
    /// <summary>The models' names; where two are alike a number is put behind the later one.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<TrainingRun> runs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var run in runs)
        {
            var name = run.ModelName;
            for (var i = 2; !seen.Add(name); i++)
                name = $"{run.ModelName} ({i})";
            names.Add(name);
        }
        return names;
    }
}
