namespace PSConvNet.Module.Tests.Help;

/// <summary>
/// The help tests run after all others, alone: their examples train, read data where <c>PSCONVNET_DATA</c> points to, and are
/// held to a time.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Help";
}
