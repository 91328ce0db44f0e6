using PSConvNet.Benchmarks.Sweeps.Scaling;

namespace PSConvNet.Benchmarks.Sweeps;

/// <summary>What sweeps have to hold; docs/sweeps.md and docs/scaling.md have the last results.</summary>
internal static class SweepTable
{
    /// <summary>Runs one part or all.</summary>
    /// <param name="part">throughput, crashes, asha, tpe or scale; null for all.</param>
    /// <returns>0 where all held, else 1.</returns>
    public static int Print(string? part)
    {
        var root = Directory.CreateTempSubdirectory("psconvnet-sweeps-").FullName;
        try
        {
            var held = true;
            foreach (var (name, print) in Parts)
            {
                if (part is not null && part != name)
                    continue;
                var well = print(root);
                Console.WriteLine($"{name}: {(well ? "held" : "MISSED")}\n");
                held &= well;
            }
            return held ? 0 : 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static (string Name, Func<string, bool> Print)[] Parts =>
        [
            ("throughput", SweepThroughput.Print),
            ("crashes", SweepCrashes.Print),
            ("asha", SweepSearch.PrintAsha),
            ("tpe", SweepSearch.PrintTpe),
            ("scale", SweepScale.Print),
        ];
}
