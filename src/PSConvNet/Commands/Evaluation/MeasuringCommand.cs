using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>What the cmdlets share that ask models about images: the arithmetic, and test-time augmentation.</summary>
public abstract class MeasuringCommand : LongCommand
{
    /// <summary>The arithmetic: Auto, Float32 or BFloat16. Default: Auto.</summary>
    [Parameter]
    [ReadAs<Precision>]
    public Precision Precision { get; set; }

    /// <summary>
    /// Test-time augmentation: the answer is the mean of the probabilities over -Times versions of each image, the first of which is the unchanged
    /// image. The value is a result of New-Augmentation, or a hashtable of its settings (@{ Shift = 2 }). Default: the image alone.
    /// </summary>
    [Parameter]
    [AugmentationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Augmentation>))]
    public Augmentation? Augmentation { get; set; }

    /// <summary>The number of versions of each image, including the unchanged one, 2 to 1000; only with -Augmentation. Default: 8.</summary>
    [Parameter]
    [ValidateRange(2, 1000)]
    [ReadAs<int>(Least = 2, Most = 1000)]
    [Needs(nameof(Augmentation))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Times { get; set; } = TestTimeAugmentation.DefaultTimes;

    /// <summary>The seed for the changes of -Augmentation. Default: 1.</summary>
    [Parameter]
    [ReadAs<long>]
    [Needs(nameof(Augmentation))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long Seed { get; set; } = TestTimeAugmentation.DefaultSeed;

    /// <summary>Options that show the progress of <paramref name="activity"/> over <paramref name="count"/> images.</summary>
    private protected PredictionOptions Measuring(string activity, int count) =>
        Measuring(activity, count, Precision) with
        {
            TestTime = Augmentation is null ? null : new TestTimeAugmentation(Augmentation, Times, Seed),
        };
}
