using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Help;

/// <summary>A default in help is something to type, not a description of it.</summary>
public sealed partial class DefaultTests(HelpSession shared) : IClassFixture<HelpSession>
{
    /// <summary>Texts with spaces that a parameter has from the start.</summary>
    private static readonly string[] s_texts = ["PowerShell (PSConvNet)", "1 epoch"];

    [Fact]
    public void Every_default_is_a_value()
    {
        var prose = Parameters()
            .Where(one => !IsValue(one.Parameter, one.Default))
            .Select(one => $"{one.Command} -{one.Parameter.Name}: '{one.Default}'")
            .ToList();

        Assert.True(prose.Count == 0, string.Join('\n', prose));
    }

    [Fact]
    public void A_description_states_the_default_that_the_command_has()
    {
        var stated = Parameters()
            .Where(one => one.Default != "None" && one.Parameter.ParameterType != typeof(SwitchParameter))
            .Select(one => (one.Command, one.Parameter, one.Default, Stated: Stated().Match(one.Description)))
            .Where(one => one.Stated.Success)
            .ToList();

        Assert.InRange(stated.Count, 100, 1000);
        Assert.Empty(
            stated
                .Where(one => !IsSame(one.Default, one.Stated.Groups["value"].Value))
                .Select(one => $"{one.Command} -{one.Parameter.Name}: {one.Default}, {one.Stated.Value}")
        );
    }

    [Theory]
    [InlineData("Invoke-Training", "Epochs", "[PSConvNet.Training.TrainingOptions]::new().Epochs")]
    [InlineData("Invoke-Training", "BatchSize", "[PSConvNet.Training.TrainingOptions]::new().BatchSize")]
    [InlineData("Invoke-Training", "Optimizer", "[PSConvNet.Training.TrainingOptions]::new().Optimizer.Name")]
    [InlineData("Invoke-Training", "KeepLast", "[PSConvNet.Training.CheckpointOptions]::new('folder').KeepLast")]
    [InlineData("Invoke-Sweep", "Trials", "[PSConvNet.Sweeps.StudySettings]::DefaultTrials")]
    [InlineData("Invoke-Sweep", "Best", "[PSConvNet.Sweeps.StudySettings]::DefaultBest")]
    [InlineData("Invoke-Sweep", "ReductionFactor", "[PSConvNet.Sweeps.PrunerSpec]::None.ReductionFactor")]
    [InlineData("Find-LearningRate", "Steps", "[PSConvNet.Training.LearningRateRange]::new().Steps")]
    [InlineData("New-ConvLayer", "KernelSize", "[PSConvNet.Layers.ConvLayer]::new(1).KernelSize.Height")]
    [InlineData("New-SeparableConvLayer", "Initializer", "[PSConvNet.Layers.SeparableConvLayer]::new(1).Initializer")]
    [InlineData("New-BatchNormLayer", "Momentum", "[PSConvNet.Layers.BatchNormLayer]::new().Momentum")]
    [InlineData("New-Augmentation", "ElasticSigma", "[PSConvNet.Data.Augmentation]::new().ElasticSigma")]
    [InlineData("Measure-Model", "Times", "[PSConvNet.Evaluation.TestTimeAugmentation]::DefaultTimes")]
    [InlineData("Import-ImageFolder", "TestSplit", "[PSConvNet.Data.ImageFolderOptions]::new().TestSplit")]
    [InlineData("Show-Filter", "Count", "[PSConvNet.Drawing.FilterGrid]::DefaultCount")]
    public void Help_shows_the_engines_default(string command, string parameter, string inEngine)
    {
        var value = shared.Session.Run($"[string]({inEngine})").Output.Single().ToString();

        var shown = Parameters().Single(one => one.Command == command && one.Parameter.Name == parameter).Default;

        Assert.Equal(value, shown);
    }

    private IEnumerable<(
        string Command,
        ParameterMetadata Parameter,
        string Default,
        string Description
    )> Parameters() =>
        shared
            .Session.Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => (CommandInfo)command.BaseObject)
            .SelectMany(command =>
                HelpTests
                    .Items(shared.Of(command.Name), "parameters", "parameter")
                    .Where(help => command.Parameters.ContainsKey(HelpTests.Text(help, "name")))
                    .Select(help =>
                        (
                            command.Name,
                            command.Parameters[HelpTests.Text(help, "name")],
                            HelpTests.Text(help, "defaultValue"),
                            string.Join(' ', HelpTests.Texts(help, "description"))
                        )
                    )
            );

    /// <summary>Whether two texts are the same value: 1e-6 is 0.000001, and "1 epoch" begins with what is typed for it.</summary>
    private static bool IsSame(string shown, string stated)
    {
        var (one, other) = (shown.Replace(" ", "", StringComparison.Ordinal), stated);
        return one == other
            || s_texts.Contains(shown) && shown.StartsWith(stated, StringComparison.Ordinal)
            || double.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
                && double.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
                && a == b;
    }

    private static bool IsValue(ParameterMetadata parameter, string given)
    {
        if (given == "None")
            return true;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var element = type.GetElementType() ?? type;
        if (type == typeof(SwitchParameter))
            return given == "False";
        if (element.IsPrimitive || element.IsEnum)
            return (type.IsArray ? given.Split(", ") : [given]).All(one =>
                LanguagePrimitives.TryConvertTo(one, element, out _)
            );
        return Word().IsMatch(given) || s_texts.Contains(given);
    }

    [GeneratedRegex(@"\bDefault: (?<value>\d[\d.,e-]*\d|\w+)")]
    private static partial Regex Stated();

    [GeneratedRegex(@"^[\w./-]+$")]
    private static partial Regex Word();
}
