using System.Diagnostics;
using System.Globalization;
using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>
/// How many digits are read right in pictures as people make them: test digits of MNIST in each <see cref="PictureStyle"/>, as they are, with
/// light and dark exchanged, and prepared; then sheets of several, and how long it takes.
/// </summary>
internal static class PictureTable
{
    private const int Digits = 20;
    private const int Sheets = 10;
    private const int Blank = 28;
    private static readonly ImagePreparation s_preparation = new();

    /// <summary>Measures and prints.</summary>
    /// <param name="words">How many digits of each style, and a part of the styles' names.</param>
    public static int Print(string[] words)
    {
        var count = words.Length > 0 ? int.Parse(words[0], CultureInfo.InvariantCulture) : Digits;
        var styles = words.Length > 1 ? words[1] : "";
        var data = Benchmarks.Digits.Load();
        var model = Networks.FastConv();
        new Trainer(model, data, FastRecipe.For(model, epochs: 2)).Run();
        var folder = Directory.CreateTempSubdirectory("psconvnet-pictures-").FullName;
        try
        {
            Styles(model, data, folder, count, styles);
            Blanks(folder, Blank);
            SheetsOf(model, data, folder);
            Times(model, data, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Styles(Model model, Dataset data, string folder, int count, string part)
    {
        var (sum, all) = (new int[4], 0);
        Console.WriteLine($"{"style", -30} {"of", 5} {"as is", 6} {"invert", 6} {"prepared", 8} {"doubted", 8}");
        foreach (var style in PictureStyle.All.Where(style => style.Name.Contains(part, StringComparison.Ordinal)))
        {
            var right = new int[4];
            for (var i = 0; i < count; i++)
            {
                var at = (int)((i + 0.5) * data.Test.Count / count);
                var file = Path.Combine(folder, "digit");
                File.WriteAllBytes(file, style.Make(data.Test.GetImage(at).ToArray(), i));
                var prepared = Prepared(file);
                byte[][] ways =
                [
                    ImageFile.Read(file, model.InputShape),
                    ImageFile.Read(file, model.InputShape, invert: true),
                    prepared.Objects[0].Sample.Pixels.ToArray(),
                ];
                for (var way = 0; way < ways.Length; way++)
                    right[way] += Ask(model, ways[way]) == data.Test.Labels.Span[at] ? 1 : 0;
                right[3] += prepared.Doubts.Count > 0 ? 1 : 0;
            }
            Console.WriteLine($"{style.Name, -30} {count, 5} {right[0], 6} {right[1], 6} {right[2], 8} {right[3], 8}");
            for (var way = 0; way < sum.Length; way++)
                sum[way] += right[way];
            all += count;
        }
        Console.WriteLine($"{"all", -30} {all, 5} {sum[0], 6} {sum[1], 6} {sum[2], 8} {sum[3], 8}");
    }

    /// <summary>Sheets with nothing on them: how many are called blank, how many are doubted otherwise, and how many are answered without a word.</summary>
    private static void Blanks(string folder, int count)
    {
        Console.WriteLine();
        Console.WriteLine($"{"empty sheets", -30} {"of", 5} {"blank", 6} {"doubted", 8} {"unwarned", 9}");
        foreach (var sheet in BlankSheet.All)
        {
            var (blank, doubted) = (0, 0);
            Parallel.For(
                0,
                count,
                seed =>
                {
                    var file = Path.Combine(folder, $"blank-{seed}");
                    File.WriteAllBytes(file, sheet.Make(seed));
                    var doubts = Prepared(file).Doubts;
                    if (doubts.Contains(PictureDoubt.Blank))
                        Interlocked.Increment(ref blank);
                    else if (doubts.Count > 0)
                        Interlocked.Increment(ref doubted);
                }
            );
            Console.WriteLine($"{sheet.Name, -30} {count, 5} {blank, 6} {doubted, 8} {count - blank - doubted, 9}");
        }
    }

    /// <summary>Sheets of three lines of five digits.</summary>
    private static void SheetsOf(Model model, Dataset data, string folder)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"{"sheets of 15 digits", -30} {"of", 5} {"right", 6} {"but warned", 11} {"wrong unwarned", 15}"
        );
        var random = new Random(1);
        foreach (
            var (name, isRuled, gap) in ((string, bool, double)[])
                [
                    ("usual gaps", false, 0.25),
                    ("narrow gaps", false, 0.1),
                    ("ruled paper", true, 0.25),
                    ("some touch", false, 0.03),
                    ("all touch", false, -0.04),
                    ("all overlap", false, -0.1),
                ]
        )
        {
            var (right, warned, silent) = (0, 0, 0);
            for (var i = 0; i < Sheets; i++)
            {
                var lines = Enumerable
                    .Range(0, 3)
                    .Select(_ => Enumerable.Range(0, 5).Select(_ => random.Next(data.Test.Count)).ToArray())
                    .ToArray();
                var file = Path.Combine(folder, "sheet");
                File.WriteAllBytes(
                    file,
                    DigitSheet.Make(
                        [.. lines.Select(line => line.Select(k => data.Test.GetImage(k).ToArray()).ToArray())],
                        i,
                        isRuled,
                        gap
                    )
                );
                var sheet = s_preparation.Prepare(
                    ImageFile.ReadPicture(file),
                    model.InputShape,
                    split: true,
                    probabilities: Sure
                );
                var answers = Answers(model, [.. sheet.Objects.Select(o => o.Sample)]);
                var found = sheet
                    .Objects.Zip(answers)
                    .GroupBy(pair => pair.First.Line)
                    .Select(line => string.Concat(line.Select(pair => pair.Second.Label)));
                var truth = lines.Select(line => string.Concat(line.Select(k => data.Test.Labels.Span[k])));
                var isRight = found.SequenceEqual(truth);
                // As Invoke-Prediction warns.
                var isWarned = sheet.Doubts.Count > 0 || answers.Any(answer => answer.Probability < 0.5);
                right += isRight ? 1 : 0;
                warned += isRight && isWarned ? 1 : 0;
                silent += isRight || isWarned ? 0 : 1;
            }
            Console.WriteLine($"{name, -30} {Sheets, 5} {right, 6} {warned, 11} {silent, 15}");
        }

        IReadOnlyList<double> Sure(IReadOnlyList<ImageSample> samples) =>
            [.. Answers(model, samples).Select(answer => (double)answer.Probability)];
    }

    private static Prediction[] Answers(Model model, IReadOnlyList<ImageSample> samples) =>
        samples.Count == 0
            ? []
            : [.. Prediction.Of(model, ImageSet.Unlabelled(samples, model.InputShape), truthKnown: false)];

    private static void Times(Model model, Dataset data, string folder)
    {
        var digit = data.Test.GetImage(0).ToArray();
        Console.WriteLine();
        foreach (var (width, height) in ((int, int)[])[(3000, 4000), (280, 280), (112, 112), (28, 28)])
        {
            var file = Path.Combine(folder, "timed");
            using (var picture = new DrawnPicture(width, height, new SKColor(240, 238, 230), 1))
            {
                picture.Digit(digit, 0.2 * width, 0.2 * height, (int)(0.6 * width), new SKColor(30, 30, 60));
                File.WriteAllBytes(file, width > 1000 ? picture.Noise(4).Jpeg(88) : picture.Png());
            }
            var times = new List<double>();
            for (var i = 0; i < 25; i++)
            {
                var watch = Stopwatch.StartNew();
                Ask(model, Prepared(file).Objects[0].Sample.Pixels.ToArray());
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            Console.WriteLine(
                $"{width} x {height}, {new FileInfo(file).Length >> 10} KB: {times[times.Count / 2]:0.0} ms from file to answer (median of {times.Count})"
            );
        }
    }

    private static PreparedPicture Prepared(string file) =>
        s_preparation.Prepare(ImageFile.ReadPicture(file), new Shape(28, 28));

    private static int Ask(Model model, byte[] sample) =>
        Prediction.Of(model, new ImageSet("given", sample, [0], model.InputShape), truthKnown: false).Single().Label;
}
