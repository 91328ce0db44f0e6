using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Tests.Runtime;

/// <summary>A training's weights are the same to the last bit, whatever else the process does meanwhile.</summary>
public class SameBitsTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 120);

    [Theory]
    [InlineData(1, Precision.Float32)]
    [InlineData(2, Precision.Float32)]
    [InlineData(2, Precision.BFloat16)]
    public void A_training_beside_predictions_of_single_images_comes_to_the_bits_of_one_alone(
        int threads,
        Precision precision
    )
    {
        var images = new ImageSet("one", new byte[64], [0], s_bars.Shape);
        RequireSameBits(
            threads,
            precision,
            () =>
            {
                using var predictor = new Predictor(new Model(Networks.SmallDense, s_bars.Shape));
                for (var i = 0; i < 20; i++)
                    predictor.Predict(images);
            }
        );
    }

    [Fact]
    public void A_training_beside_another_comes_to_the_bits_of_one_alone() =>
        RequireSameBits(2, Precision.Float32, () => Train(3, Precision.Float32));

    [Theory]
    [InlineData(1, Precision.Float32)]
    [InlineData(2, Precision.Float32)]
    [InlineData(2, Precision.BFloat16)]
    public void A_training_beside_code_that_sets_the_number_of_threads_comes_to_the_bits_of_one_alone(
        int threads,
        Precision precision
    ) =>
        RequireSameBits(
            threads,
            precision,
            () =>
            {
                torch.set_num_threads(4);
                using var a = torch.ones(64, 64);
                using var b = torch.mm(a, a);
                torch.set_num_threads(2);
            }
        );

    [Fact]
    public void A_training_on_a_thread_that_had_its_number_of_threads_set_computes_with_one()
    {
        var alone = Train(1, Precision.Float32);

        var weights = OnThread(() =>
        {
            torch.set_num_threads(4);
            return (Train(1, Precision.Float32), torch.get_num_threads());
        });

        Assert.Equal(alone, weights.Item1);
        Assert.Equal(1, weights.Item2);
    }

    /// <summary>What code of the user's own may have left set in the process or on the thread.</summary>
    public static TheoryData<string> Switches => ["default type", "no gradients", "inference mode", "seed"];

    [Theory]
    [MemberData(nameof(Switches))]
    public void What_other_code_has_set_in_libtorch_changes_nothing(string name)
    {
        foreach (var precision in (Precision[])[Precision.Float32, Precision.BFloat16])
        {
            for (var threads = 1; threads <= 2; threads++)
            {
                var alone = Train(threads, precision);
                using var setting = Set(name);
                Assert.Equal(alone, Train(threads, precision));
            }
        }

        static IDisposable Set(string name)
        {
            switch (name)
            {
                case "default type":
                    var before = torch.get_default_dtype();
                    torch.set_default_dtype(torch.float64);
                    return new Undo(() => torch.set_default_dtype(before));
                case "no gradients":
                    return torch.no_grad();
                case "inference mode":
                    return torch.inference_mode();
                default:
                    torch.manual_seed(7);
                    return new Undo(() => { });
            }
        }
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }

    /// <summary>An array begins on any eighth byte, and what is pinned keeps others from where they would go.</summary>
    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Where_the_garbage_collector_puts_the_weights_changes_nothing(Precision precision)
    {
        var alone = Train(2, precision);
        for (var i = 0; i < 12; i++)
        {
            var pinned = GCHandle.Alloc(new byte[8 * i + 1001], GCHandleType.Pinned);
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

            Assert.Equal(alone, Train(2, precision));
            pinned.Free();
        }
    }

    [Fact]
    public void A_trainings_operands_lie_on_cache_lines()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using var weights = new ComputeWeights(model.Store, torch.ScalarType.Float32, training: true);
        foreach (var slot in model.Store.Slots)
        {
            using var view = weights.View(slot);
            Assert.Equal(0, Address(view) % 64);
        }

        static nint Address(torch.Tensor tensor) =>
            Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(tensor.bytes));
    }

    /// <summary>A library compiled with -ffast-math sets this for the thread that loads it; threads that it starts inherit it.</summary>
    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_thread_that_flushes_to_zero_trains_to_the_same_bits(int threads)
    {
        Skip.IfNot(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "The control word is set in glibc's layout for x86-64."
        );
        var alone = Train(threads, Precision.Float32);
        foreach (var bits in (ReadOnlySpan<uint>)[0x8000, 0x0040, 0x8040])
        {
            var (weights, wasSet) = OnThread(() =>
            {
                var set = SetControlWord(bits);
                return (Train(threads, Precision.Float32), set);
            });

            Assert.True(wasSet);
            Assert.Equal(alone, weights);
        }
    }

    /// <summary>Trains while another thread does something over and over, several times, as the moment matters.</summary>
    private static void RequireSameBits(int threads, Precision precision, Action disturb)
    {
        var alone = Train(threads, precision);
        var stop = false;
        Exception? failure = null;
        var other = new Thread(() =>
        {
            try
            {
                while (!Volatile.Read(ref stop))
                    disturb();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        other.Start();
        try
        {
            for (var i = 0; i < 8; i++)
                Assert.Equal(alone, Train(threads, precision));
        }
        finally
        {
            Volatile.Write(ref stop, true);
            other.Join();
        }
        Assert.Null(failure);
    }

    private static float[] Train(int threads, Precision precision)
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape, seed: 1);
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 20,
            Threads = threads,
            Precision = precision,
        };
        new Trainer(model, s_bars, options).Run();
        return [.. model.Store.Values];
    }

    private static T OnThread<T>(Func<T> function)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return result!;
    }

    // MXCSR is the last word of glibc's fenv_t on x86-64: 28 bytes of the x87 unit come before it.
    private static bool SetControlWord(uint bits)
    {
        var environment = new uint[8];
        Assert.Equal(0, fegetenv(environment));
        environment[7] |= bits;
        return fesetenv(environment) == 0;
    }

    [DllImport("libm.so.6")]
    private static extern int fegetenv([Out] uint[] environment);

    [DllImport("libm.so.6")]
    private static extern int fesetenv([In] uint[] environment);
}
