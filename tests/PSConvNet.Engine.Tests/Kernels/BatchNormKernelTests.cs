using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;

namespace PSConvNet.Tests.Kernels;

/// <summary>Batch norm in training, with ReLU and without, against the paper's formulas in fp64.</summary>
public class BatchNormKernelTests
{
    public static TheoryData<string, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, bool, bool>();
            foreach (var shape in (string[])["5", "16", "4 x 3 x 3", "7 x 5 x 32", "14 x 14 x 50"])
            foreach (var count in (int[])[4, 9])
            foreach (var relu in (bool[])[false, true])
            foreach (var reduced in (bool[])[false, true])
                cases.Add(shape, count, relu, reduced);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_and_gradients_are_those_of_the_formulas(string shape, int count, bool relu, bool reduced)
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var input = new Shape([.. shape.Split(" x ").Select(int.Parse)]);
        var layer = new BatchNormLayer();
        var kernel = (BatchNormKernel)layer.Lower("norm", input).Single();
        var type = reduced ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        using var harness = new KernelHarness(
            kernel,
            type: type,
            replacement: relu ? kernel.With(new ActivationKernel("relu", input, Activation.ReLU, alpha: 0)) : null
        );
        var x = KernelHarness.Values(count, input, seed: 1).to_type(type);
        var g = KernelHarness.Values(count, input, seed: 2).to_type(type);
        var (gammaSlot, betaSlot) = (harness.Store.Slots[0], harness.Store.Slots[1]);
        var (gamma, beta) = (harness.Store.Span(gammaSlot).ToArray(), harness.Store.Span(betaSlot).ToArray());

        var y = harness.Forward(x);
        var dx = harness.Backward(g)!;

        AssertClose(PlainNorm.Forward(Rows(x), gamma, beta, layer.Epsilon, relu), Rows(y), reduced ? 4e-3 : 1e-5);
        var expected = PlainNorm.Backward(Rows(x), Rows(g), gamma, beta, layer.Epsilon, relu);
        AssertClose(expected.X, Rows(dx), reduced ? 1e-2 : 1e-5);
        AssertClose(expected.Gamma, harness.Gradient(gammaSlot), 1e-5);
        AssertClose(expected.Beta, harness.Gradient(betaSlot), 1e-5);

        float[] Rows(torch.Tensor tensor)
        {
            var wide = tensor.to_type(torch.ScalarType.Float32);
            return (input.Rank == 3 ? wide.permute(0, 2, 3, 1) : wide).contiguous().data<float>().ToArray();
        }
    }

    private static void AssertClose(double[] expected, float[] found, double limit)
    {
        var norm = Math.Sqrt(expected.Sum(value => value * value));
        var distance = Math.Sqrt(expected.Zip(found, (a, b) => (a - b) * (a - b)).Sum());
        Assert.True(distance <= limit * norm, FormattableString.Invariant($"{distance / norm:E1} off"));
    }
}
