using System.Management.Automation;

namespace PSConvNet.Module.Tests.Training;

public class NewOptimizerTests
{
    [Fact]
    public void A_name_gives_the_optimizer_with_its_defaults()
    {
        using var session = new PowerShellSession();

        var optimizer = session.Run("New-Optimizer adam").Output.Single();

        Assert.Equal("PSConvNet.Training.AdamOptimizer", optimizer.TypeNames[0]);
        Assert.Equal("Adam (LearningRate 0.001)", optimizer.ToString());
    }

    [Fact]
    public void Settings_go_into_the_optimizer()
    {
        using var session = new PowerShellSession();

        var result = session.Run(
            "New-Optimizer SGD 0.05 -Momentum 0.9 -Nesterov -WeightDecay 0.001 -Verbose -ErrorAction Stop"
        );

        Assert.Equal(
            "SGD (LearningRate 0.05, WeightDecay 0.001, Momentum 0.9, Nesterov True)",
            result.Output.Single().ToString()
        );
    }

    [Theory]
    [InlineData("SGD", "LearningRate 0.1, WeightDecay 0.1, Momentum 0.1, Nesterov True")]
    [InlineData("Adam", "LearningRate 0.1, WeightDecay 0.1, Beta1 0.1, Beta2 0.1, Epsilon 0.1")]
    [InlineData("AdamW", "LearningRate 0.1, WeightDecay 0.1, Beta1 0.1, Beta2 0.1, Epsilon 0.1")]
    [InlineData("Adadelta", "LearningRate 0.1, WeightDecay 0.1, Rho 0.1, Epsilon 0.1")]
    [InlineData("RMSprop", "LearningRate 0.1, WeightDecay 0.1, Rho 0.1, Epsilon 0.1, Momentum 0.1, Centered True")]
    [InlineData(
        "Adagrad",
        "LearningRate 0.1, WeightDecay 0.1, LearningRateDecay 0.1, InitialAccumulator 0.1, Epsilon 0.1"
    )]
    public void Every_setting_of_every_optimizer_has_a_parameter(string name, string expected)
    {
        using var session = new PowerShellSession();

        var result = session.Run(
            $$"""
            $given = @{}
            foreach ($setting in (New-Optimizer {{name}}).Settings) {
                $given[$setting.Key] = if ($setting.Value -is [bool]) { $true } else { 0.1 }
            }
            New-Optimizer {{name}} @given | ForEach-Object SettingsText
            """
        );

        Assert.Equal(expected, result.Output.Single().ToString());
    }

    [Fact]
    public void Names_come_down_the_pipeline()
    {
        using var session = new PowerShellSession();

        var result = session.Run("'SGD', 'Adam', 'RMSprop' | New-Optimizer -LearningRate 0.002");

        Assert.Equal(
            ["SGD (LearningRate 0.002)", "Adam (LearningRate 0.002)", "RMSprop (LearningRate 0.002)"],
            result.Output.Select(o => o.ToString())
        );
    }

    [Theory]
    [InlineData("New-Optimizer adamm", "OptimizerUnknown", ErrorCategory.ObjectNotFound)]
    [InlineData("New-Optimizer Adam -Momentum 0.9", "OptimizerSettingUnknown", ErrorCategory.InvalidArgument)]
    [InlineData("New-Optimizer SGD -Centered", "OptimizerSettingUnknown", ErrorCategory.InvalidArgument)]
    [InlineData("New-Optimizer SGD -Momentum 1.5", "OptimizerSettingInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-Optimizer SGD -Nesterov", "OptimizerSettingInvalid", ErrorCategory.InvalidArgument)]
    [InlineData(
        "New-Optimizer SGD -LearningRate ([double]::NaN)",
        "OptimizerSettingInvalid",
        ErrorCategory.InvalidArgument
    )]
    public void What_is_wrong_is_refused_by_id(string script, string errorId, ErrorCategory category)
    {
        using var session = new PowerShellSession();

        var error = session.RunForError(script);

        Assert.Equal($"{errorId},PSConvNet.Commands.NewOptimizerCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("New-Optimizer ada", "Adam, AdamW, Adadelta, Adagrad")]
    [InlineData("New-Optimizer 'RM", "RMSprop")]
    [InlineData("New-Optimizer -Name x", "")]
    public void Names_are_completed(string input, string expected)
    {
        using var session = new PowerShellSession();

        Assert.Equal(
            expected,
            string.Join(", ", Completions.Of(session, input).Select(c => c.CompletionText.Trim('\'')))
        );
    }

    [Fact]
    public void A_completions_tooltip_tells_the_settings()
    {
        using var session = new PowerShellSession();

        Assert.Equal(
            "LearningRate 1, WeightDecay 0, Rho 0.9, Epsilon 1E-06",
            Completions.Of(session, "New-Optimizer adad").Single().ToolTip
        );
    }

    [Theory]
    [InlineData("'sgd'")]
    [InlineData("(New-Optimizer SGD)")]
    [InlineData("(ForEach-Object -Process { 'sgd' } -InputObject 1)")]
    public void A_parameter_for_an_optimizer_takes_a_name_or_an_optimizer(string argument)
    {
        using var session = new PowerShellSession();

        var result = session.Run(TakesOptimizer + $"Test-It {argument}");

        Assert.Equal("SGD (LearningRate 0.01)", result.Output.Single().ToString());
    }

    [Theory]
    [InlineData("'adamm'", "There is no optimizer 'adamm'; use one of SGD, Adam, AdamW, Adadelta, RMSprop, Adagrad.")]
    [InlineData("42", "42")]
    public void A_parameter_for_an_optimizer_refuses_anything_else(string argument, string message)
    {
        using var session = new PowerShellSession();

        var error = session.RunForError(TakesOptimizer + $"Test-It {argument}");

        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Contains("'Optimizer'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    private const string TakesOptimizer = """
        function Test-It {
            param([PSConvNet.Transforms.OptimizerTransform()] [PSConvNet.Training.OptimizerSpec] $Optimizer)
            $Optimizer
        }

        """;
}
