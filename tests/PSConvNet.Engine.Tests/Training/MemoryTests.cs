using System.Diagnostics;

namespace PSConvNet.Tests.Training;

/// <summary>Runs while no other test of this process does: it looks at the memory of the whole process, and of no other.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
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

        // The first ones warm up the allocator, the code and oneDNN's caches.
        Train(15);
        var before = Private();
        Train(40);
        var growth = Private() - before;

        // A leak of one activation tensor a batch (16 x 16 x 16 x 6 floats) would be 31 MB by now.
        Assert.InRange(growth, long.MinValue, 12 << 20);
    }

    private static long Private()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
