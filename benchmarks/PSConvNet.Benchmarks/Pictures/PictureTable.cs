using System.Diagnostics;
using PSConvNet.Files;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>
/// How many digits are read right in pictures as people make them: test digits of MNIST in each <see cref="PictureStyle"/>, as they are, with
/// light and dark exchanged, and prepared. Then how long it takes.
/// </summary>
internal static class PictureTable
{
    private const int Digits = 20;

    /// <summary>Measures and prints.</summary>
    /// <param name="words">How many digits of each style, the name of one, a folder to write contact sheets of mistakes into.</param>
    public static int Print(string[] words)
    {
        var count = words.Length > 0 ? int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture) : Digits;
        var only = words.Length > 1 ? words[1] : "";
        var data = Benchmarks.Digits.Load();
        var model = Model(data);
        var folder = Directory.CreateTempSubdirectory("psconvnet-pictures-").FullName;
        var sum = new int[3];
        Console.WriteLine($"{"style", -30} {"of", 4} {"as is", 6} {"invert", 6} {"prepared", 8}");
        foreach (var style in PictureStyle.All.Where(style => style.Name.Contains(only, StringComparison.Ordinal)))
        {
            var right = new int[3];
            var wrong = new List<string>();
            for (var i = 0; i < count; i++)
            {
                var at = (int)((i + 0.5) * data.Test.Count / count);
                var file = Path.Combine(folder, $"{data.Test.Labels.Span[at]}-{i}");
                File.WriteAllBytes(file, style.Make(data.Test.GetImage(at).ToArray(), i));
                var truth = data.Test.Labels.Span[at];
                byte[][] ways =
                [
                    ImageFile.Read(file, model.InputShape),
                    ImageFile.Read(file, model.InputShape, invert: true),
                    new ImagePreparation()
                        .Prepare(ImageFile.ReadPicture(file), new Shape(28, 28))
                        .Objects[0]
                        .Sample.Pixels.ToArray(),
                ];
                for (var way = 0; way < ways.Length; way++)
                {
                    var answer = Ask(model, ways[way]);
                    if (answer == truth)
                        right[way]++;
                    else if (way == 2)
                    {
                        wrong.Add($"{i}:{truth}->{answer}");
                        Environment
                            .GetEnvironmentVariable("PICTURES_WRONG")
                            ?.Let(dir => Contact.Write(dir, style.Name, i, file, ways[way]));
                    }
                }
            }
            Console.WriteLine(
                $"{style.Name, -30} {count, 4} {right[0], 6} {right[1], 6} {right[2], 8}  {string.Join(' ', wrong)}"
            );
            for (var way = 0; way < 3; way++)
                sum[way] += right[way];
        }
        Console.WriteLine($"{"all", -30} {count * PictureStyle.All.Count, 4} {sum[0], 6} {sum[1], 6} {sum[2], 8}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static int Ask(Model model, byte[] sample) =>
        Prediction.Of(model, new ImageSet("given", sample, [0], model.InputShape), truthKnown: false).Single().Label;

    private static Model Model(Dataset data)
    {
        if (Environment.GetEnvironmentVariable("PSCONVNET_MODEL") is { } path)
            return ModelFile.Load(path);
        throw new InvalidOperationException();
    }

    private static void Let(this string value, Action<string> action) => action(value);
}
