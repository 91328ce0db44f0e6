using System.Globalization;
using PSConvNet.Benchmarks;
using PSConvNet.Benchmarks.Crashes;
using PSConvNet.Benchmarks.Fuzzing;
using PSConvNet.Benchmarks.Kernels;
using PSConvNet.Benchmarks.Pictures;
using PSConvNet.Benchmarks.Sweeps;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// Before anything of the engine is run, which may be instrumented.
if (FuzzChild.TryRun(args))
    return 0;
DependencyContext.Register();

if (Child.TryRun(args) || CrashRun.TryRun(args))
    return 0;
return args switch
{
    [] => new Benchmark(quick: false).Run(),
    ["--quick"] => new Benchmark(quick: true).Run(),
    ["kernels"] => KernelTable.Print(),
    ["convolutions"] => ConvTable.Print(""),
    ["convolutions", var lines] => ConvTable.Print(lines),
    ["crashes"] => CrashRun.Print(),
    ["fuzz", .. var words] => FuzzTable.Print(words),
    ["pictures", .. var words] => PictureTable.Print(words),
    ["sweeps"] => SweepTable.Print(null),
    ["sweeps", var part] => SweepTable.Print(part),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Nothing, --quick (two minutes), kernels (each kernel of our own against libtorch's operators), convolutions [regular expression] (our own against libtorch's, for each width of vectors), crashes (trainings that are killed), fuzz [--minutes N] [--target NAME] [--out DIR] (readers of files and messages), pictures [count [style]] (digits in pictures as people make them) or sweeps [throughput|crashes|asha|tpe|scale]."
    );
    return 2;
}
