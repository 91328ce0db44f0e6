namespace PSConvNet.Tests.Sweeps;

/// <summary>Spaces that tests search.</summary>
internal static class SweepSpaces
{
    /// <summary>A parameter of each kind; Momentum only with SGD.</summary>
    public static SweepSpace Mixed { get; } =
        new(
            [
                new ChoiceParameter("Optimizer", ["Adam", "SGD"]),
                new IntegerParameter("Units", 16, 48, 16),
                new UniformParameter("Momentum", 0, 0.9),
                new LogUniformParameter("LearningRate", 1e-4, 1e-1),
            ],
            [When("Momentum", "$_.Optimizer -eq 'SGD'", point => point["Optimizer"] is "SGD")]
        );

    public static KeyValuePair<string, SweepCondition> When(string name, string text, Func<SweepPoint, bool> holds) =>
        KeyValuePair.Create(name, new SweepCondition(text, holds));

    public static SweepPoint Point(params (string Name, object Value)[] values) =>
        new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));
}
