using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Layers;

public sealed class NewResidualBlockTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void The_script_blocks_layers_are_the_blocks_in_their_order()
    {
        var result = _session.Run(
            """
            $block = New-ResidualBlock { New-ConvLayer 4 -Padding Same | New-BatchNormLayer; New-ActivationLayer ReLU } -Activation SiLU
            $block.Layers | ForEach-Object Kind
            $block.Activation.ToString()
            $block.Settings
            """
        );

        Assert.Equal(
            [
                "Conv",
                "BatchNorm",
                "Activation",
                "SiLU",
                "Conv (4 filters 3 x 3, padding Same) > BatchNorm > Activation (ReLU), SiLU",
            ],
            result.Output.Select(o => o.ToString())
        );
    }

    [Fact]
    public void The_script_block_sees_the_variables_around_it()
    {
        var result = _session.Run(
            """
            function Add-Block { param($Width) New-ResidualBlock { New-ConvLayer $Width -Padding Same } }
            (Add-Block 7).Layers[0].Filters
            foreach ($width in 3, 5) { (New-ResidualBlock { New-ConvLayer $width -Padding Same }).Layers[0].Filters }
            """
        );

        Assert.Equal([7, 3, 5], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Blocks_nest()
    {
        var result = _session.Run(
            """
            $block = New-ResidualBlock { New-ConvLayer 4 -Padding Same | New-ResidualBlock { New-ConvLayer 4 -Padding Same } }
            $model = New-ConvLayer 4 | ForEach-Object { $_; $block } | New-Model 8,8,1
            $model.OutputShape.ToString()
            $model.ParameterCount
            """
        );

        // 4·9 + 4 in front, then 4·9·4 + 4 twice; equal shapes need no projection.
        Assert.Equal(["6 x 6 x 4", 40 + 2 * 148], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void An_error_inside_keeps_its_own_id_and_ends_the_pipeline()
    {
        var error = _session.RunForError("New-ResidualBlock { New-ConvLayer 4 | New-DenseLayer 0 }");

        Assert.StartsWith("LayerSettingInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(
            "New-DenseLayer -Units must be from 1 to 1000000, not ",
            error.Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_script_throws_ends_the_pipeline_too()
    {
        var result = _session.Run(
            "try { New-ResidualBlock { New-ConvLayer 4; throw 'no more' }; 'went on' } catch { $_.Exception.Message }"
        );

        Assert.Equal(["no more"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void An_error_that_does_not_end_the_script_block_is_not_lost()
    {
        var result = _session.Run("New-ResidualBlock { 'text' | New-ConvLayer 4 -Padding Same }");

        Assert.StartsWith(
            "InputObjectNotBound,",
            Assert.Single(result.Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }
}
