using System.Globalization;

namespace PSConvNet.Drawing;

/// <summary>What a model takes for what: a row for each true class, a column for each answer, and a number where they meet.</summary>
/// <remarks>
/// A cell is coloured by its share of its row: on the diagonal, what is right, in one hue; beside it, what is wrong, in another and by
/// the square root, so that a few mistakes among thousands are still seen. Up to 30 classes the counts stand in the cells.
/// </remarks>
public sealed class ConfusionPicture : CanvasPicture
{
    private readonly ConfusionLayout _layout;

    /// <summary>Draws a measurement's confusion matrix.</summary>
    /// <param name="metrics">The measurement; any number of classes.</param>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public ConfusionPicture(ModelMetrics metrics)
        : this(NameOf(metrics), [.. metrics.Classes.Select(measured => measured.Name)], metrics.ConfusionMatrix) { }

    /// <summary>Draws a confusion matrix.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="classes">The classes' names.</param>
    /// <param name="counts">Truth x answer.</param>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    internal ConfusionPicture(string name, IReadOnlyList<string> classes, int[,] counts)
        : base(TitleOf(name, counts), DescriptionOf(name, classes, counts))
    {
        Names = classes;
        Counts = (int[,])counts.Clone();
        _layout = WithSkia(() => new ConfusionLayout(Title, Names, Counts));
    }

    /// <inheritdoc />
    public override int Width => _layout.Width;

    /// <inheritdoc />
    public override int Height => _layout.Height;

    /// <summary>The classes' names.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Truth x answer.</summary>
    internal int[,] Counts { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        ConfusionText.Write(Title, Names, Counts, Math.Max(columns, 40));

    internal override void Draw(Pen pen) => _layout.Draw(pen);

    /// <summary>What is mistaken for what, the most frequent first.</summary>
    internal static IEnumerable<(int Truth, int Answer, int Count)> Mistakes(int[,] counts)
    {
        var mistakes =
            from truth in Enumerable.Range(0, counts.GetLength(0))
            from answer in Enumerable.Range(0, counts.GetLength(1))
            where truth != answer && counts[truth, answer] > 0
            orderby counts[truth, answer] descending
            select (truth, answer, counts[truth, answer]);
        return mistakes;
    }

    private static string NameOf(ModelMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics.Name;
    }

    private static string TitleOf(string name, int[,] counts)
    {
        var (samples, right) = Total(counts);
        return $"{name}: {Number(samples - right)} of {Number(samples)} wrong";
    }

    private static string DescriptionOf(string name, IReadOnlyList<string> classes, int[,] counts)
    {
        var (samples, right) = Total(counts);
        var worst = Mistakes(counts)
            .Take(5)
            .Select(m => $"{classes[m.Truth]} taken for {classes[m.Answer]} {Counted.Of(m.Count, "time")}");
        var mistakes = samples == right ? "There are no mistakes." : $"Most often: {string.Join("; ", worst)}.";
        return $"Confusion matrix of {Counted.Of(classes.Count, "class")}, rows are the truth, columns the answers. {name} gets {Number(right)} of {Number(samples)} right. {mistakes}";
    }

    private static (int Samples, int Right) Total(int[,] counts)
    {
        var right = Enumerable.Range(0, counts.GetLength(0)).Sum(label => counts[label, label]);
        return (counts.Cast<int>().Sum(), right);
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
