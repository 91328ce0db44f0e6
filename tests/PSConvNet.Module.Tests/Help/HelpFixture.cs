using System.Management.Automation;

namespace PSConvNet.Module.Tests.Help;

/// <summary>A closed set for the fixture.</summary>
public enum HelpFixtureSize
{
    Small,
    Large,
}

/// <summary>A description, which says its settings after its name.</summary>
public sealed class HelpFixtureRule
{
    public override string ToString() => "Adam (LearningRate 0.001)";
}

/// <summary>A base class with a parameter of its own.</summary>
public abstract class HelpFixtureBase : PSCmdlet
{
    [Parameter]
    public virtual string Label { get; set; } = "";

    [Parameter]
    [Alias("Cnt")]
    public int Count { get; set; }
}

/// <summary>A cmdlet for the tests of the help writer; <see cref="HelpWriterTests"/> supplies its comments.</summary>
[Cmdlet(
    VerbsCommon.Get,
    "HelpFixture",
    DefaultParameterSetName = "BySize",
    SupportsShouldProcess = true,
    HelpUri = "https://psconvnet.example/commands/Get-HelpFixture.md"
)]
[OutputType(typeof(int))]
public sealed class GetHelpFixtureCommand : HelpFixtureBase
{
    [Parameter]
    public override string Label { get; set; } = "";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "BySize")]
    public HelpFixtureSize Size { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "ByInput")]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateSet("a", "b")]
    public string Choice { get; set; } = "b";

    [Parameter]
    [PSDefaultValue(Value = 4)]
    public int? Threads { get; set; }

    [Parameter]
    public double Rate { get; set; }

    [Parameter]
    public string? Word { get; set; }

    [Parameter]
    public HelpFixtureRule Optimizer { get; set; } = new();
}
