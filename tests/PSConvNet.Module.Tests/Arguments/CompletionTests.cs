using System.Management.Automation;
using PSConvNet.Module.Tests.Models;
using PSConvNet.Module.Tests.Shell;
using PSConvNet.Module.Tests.Training;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>What Tab offers: files where files are meant, names and variables where they are known, and else nothing.</summary>
public sealed class CompletionTests : IClassFixture<SharedSession>, IDisposable
{
    /// <summary>Parameters that take a path, or something that a path stands for.</summary>
    private static readonly HashSet<string> s_paths =
    [
        "CheckpointPath",
        "ImagePath",
        "LiteralImagePath",
        "LiteralPath",
        "LiteralWeights",
        "OutputPath",
        "Path",
        "Prefix",
        "Program",
        "Study",
        "TensorBoard",
        "TestPath",
        "Weights",
        "Show-Image -InputObject",
    ];

    private readonly PowerShellSession _session;
    private readonly TemporaryFolder _folder = new();

    public CompletionTests(SharedSession shared)
    {
        _session = shared.Session;
        _folder.Write("a-file.txt", "");
        _session.Runspace.SessionStateProxy.Path.SetLocation(_folder.Path);
    }

    public void Dispose()
    {
        _session.Runspace.SessionStateProxy.Path.SetLocation(Path.GetTempPath());
        _folder.Dispose();
    }

    [Fact]
    public void Files_are_offered_for_paths_and_for_nothing_else()
    {
        var commands = _session
            .Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => (CommandInfo)command.BaseObject)
            .ToList();
        var offered = commands
            .SelectMany(command =>
                command
                    .Parameters.Values.Where(p => !p.SwitchParameter && !Common(p.Name))
                    .Where(p => OffersFile($"{command.Name} -{p.Name} "))
                    .Select(p => s_paths.Contains(p.Name) ? p.Name : $"{command.Name} -{p.Name}")
            )
            .ToHashSet();

        Assert.InRange(commands.Count, 40, 100);
        Assert.Equal(s_paths.Order(StringComparer.Ordinal), offered.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("New-Optimizer Adam -", "LearningRate WeightDecay Beta1 Beta2 Epsilon")]
    [InlineData("New-Optimizer -Name 'sgd' -", "LearningRate WeightDecay Momentum Nesterov")]
    [InlineData("New-Optimizer RMSprop -Rho 0.9 -", "LearningRate WeightDecay Momentum Epsilon Centered")]
    [InlineData("New-Optimizer SGD -M", "Momentum")]
    [InlineData("New-LearningRateSchedule step -", "Every Factor")]
    [InlineData("New-LearningRateSchedule Constant -", "")]
    public void A_named_kind_is_offered_its_own_settings_alone(string line, string settings)
    {
        var offered = All(line).Select(name => name.TrimStart('-')).Except([.. Cmdlet.CommonParameters, "Name"]);

        Assert.Equal(
            settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            offered.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Without_a_name_all_settings_are_offered_and_a_wrong_one_is_named_with_the_right_ones()
    {
        Assert.Subset(
            All("'SGD', 'RMSprop' | New-Optimizer -").ToHashSet(),
            new HashSet<string> { "-Momentum", "-Beta1", "-InitialAccumulator", "-Centered" }
        );
        Assert.Contains(
            "SGD has no setting Beta1; it takes",
            _session.RunForError("New-Optimizer SGD -Beta1 0.5").Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Show-Filter $network -Layer ")]
    [InlineData("Show-Filter -Model $network -Layer c")]
    [InlineData("$network | Show-Filter -Layer ")]
    [InlineData("$network | Invoke-Training -Frozen c")]
    [InlineData("Show-Activation $network -Layer ")]
    public void Layers_are_those_of_the_model_that_the_line_gives(string line)
    {
        _session.Run(
            "$network = New-ConvLayer 2 -Name c1 | New-FlattenLayer -Name 'c of all' | New-DenseLayer 2 -Name c3 | New-Model 28,28,1"
        );

        Assert.Equal(["c1", "'c of all'", "c3"], Offered(line));
    }

    [Fact]
    public void Layers_without_a_name_of_their_own_are_offered_by_the_model_s()
    {
        _session.Run("$unnamed = New-ConvLayer 2 | New-FlattenLayer | New-DenseLayer 2 | New-Model 28,28,1");

        Assert.Equal(["conv2d_1", "flatten_1", "dense_1"], Offered("$unnamed | Invoke-Training -Frozen "));
    }

    [Fact]
    public void Classes_are_those_of_the_data_that_the_line_gives()
    {
        _session.Run("$digits = Import-Mnist -Name Synthetic -First 20");

        Assert.Equal(Enumerable.Range(0, 10).Select(n => $"{n}"), Offered("Show-Image $digits -Class "));
        Assert.Equal(["7"], Offered("$digits | Show-Image -Class 7"));
    }

    [Fact]
    public void Objects_are_the_variables_that_hold_one()
    {
        _session.Run("$mnistdata = Import-Mnist -Name Synthetic -First 20; $mnisttext = 'digits'");

        var offered = All("Measure-Model -Data ");
        Assert.Contains("$mnistdata", offered);
        Assert.DoesNotContain("$mnisttext", offered);
    }

    [Theory]
    [InlineData("Show-Filter -Layer ")]
    [InlineData("Show-Filter $nowhere -Layer ")]
    [InlineData("Get-Item nowhere | Show-Filter -Layer ")]
    public void Where_no_model_is_known_nothing_is_offered(string line) => Assert.Empty(All(line));

    [Theory]
    [InlineData("Out-Notebook")]
    [InlineData("Start-Notebook")]
    [InlineData("Start-Sweep")]
    [InlineData("Invoke-Sweep -Leas")]
    [InlineData("Invoke-Sweep -MostT")]
    public void What_the_module_calls_itself_is_not_offered(string line) => Assert.Empty(All(line));

    private static bool Common(string name) =>
        Cmdlet.CommonParameters.Contains(name) || Cmdlet.OptionalCommonParameters.Contains(name);

    private bool OffersFile(string line) => All(line).Any(text => text.Contains("a-file", StringComparison.Ordinal));

    private IEnumerable<string> Offered(string line) =>
        Completions.Of(_session, line).Select(completion => completion.CompletionText);

    private List<string> All(string line)
    {
        using var shell = PowerShell.Create(_session.Runspace);
        return
        [
            .. CommandCompletion
                .CompleteInput(line, line.Length, null, shell)
                .CompletionMatches.Select(match => match.CompletionText),
        ];
    }
}
