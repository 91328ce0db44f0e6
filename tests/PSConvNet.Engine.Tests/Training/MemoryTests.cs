using System.Diagnostics;

namespace PSConvNet.Tests.Training;

/// <summary>Runs while no other test of this process does: it looks at the memory of the whole process, and of no other.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    /// <summary>A leak of one activation tensor a batch (16 x 16 x 16 x 6 floats) would be 31 MB in 40 models.</summary>
    private const long Flat = 12 << 20;

    [Fact]
    public void Native_memory_stays_flat_over_many_models_and_epochs()
    {
        var data = Networks.Bars(train: 64, test: 16, size: 16);
        void Train(int models)
        {
            for (var i = 0; i < models; i++)
            {
                var model = new Model(Networks.SmallOfEverything, data.Shape);
                new Trainer(
                    model,
                    data,
                    new TrainingOptions
                    {
                        Epochs = 2,
                        BatchSize = 16,
                        Threads = 2,
                    }
                ).Run();
                Predictor.Predict(model, data.Test);
            }
        }

        // Warming up takes as long as code is compiled and the collector finds its size, which is up to this process and not to a number of
        // models: alone it takes 100 of them, beside other tests none. It comes to an end, and a leak is in every round.
        Train(20);
        var growth = new List<long>();
        for (var before = Native(); growth.Count < 4 && !growth.Exists(grown => grown <= Flat); )
        {
            Train(40);
            var after = Native();
            growth.Add(after - before);
            before = after;
        }

        Assert.True(
            growth[^1] <= Flat,
            $"Native memory grew in each round of 40 models: by {string.Join(", ", growth)} bytes."
        );
    }

    /// <summary>What the process has in memory, but for the collector's own.</summary>
    private static long Native()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 - GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}
