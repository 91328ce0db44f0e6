namespace PSConvNet.Models;

/// <summary>One step of a plan.</summary>
/// <param name="Step">Its number, from 1; a residual block's steps follow it.</param>
/// <param name="Layers">The layers it does the work of.</param>
/// <param name="Method">How it computes.</param>
/// <param name="InputShape">The shape of a sample that goes in.</param>
/// <param name="OutputShape">The shape of a sample that comes out.</param>
public sealed record PlanStep(int Step, string Layers, string Method, Shape InputShape, Shape OutputShape);

/// <summary>How a model is run on this machine: its layers turned into the steps that train it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Precision">The arithmetic; never Auto.</param>
/// <param name="Threads">Workers a batch of 128 is divided among.</param>
/// <param name="Steps">The steps, first to last.</param>
/// <param name="Rules">The rules that chose them, in the order in which they were applied.</param>
public sealed record ModelPlan(
    string Name,
    Precision Precision,
    int Threads,
    IReadOnlyList<PlanStep> Steps,
    IReadOnlyList<AppliedRule> Rules
)
{
    /// <summary>Plans a model.</summary>
    /// <param name="model">The model; its weights are not touched.</param>
    /// <param name="precision">The arithmetic; Auto for what it means on this machine.</param>
    public static ModelPlan Create(Model model, Precision precision = Precision.Auto)
    {
        ArgumentNullException.ThrowIfNull(model);
        var request = new PlanRequest(
            precision.Resolve(),
            Session.WorkerCount(0, batchSize: 128),
            Training: true,
            ToLogits: true
        );
        var plan = ExecutionPlan.Create(model.Kernels, request);
        var steps = new List<PlanStep>();
        Describe(plan.Network, "", steps);
        return new ModelPlan(model.Name, request.Precision, request.Workers, steps.ToArray(), plan.Applied.ToArray());
    }

    /// <summary>The plan as it prints: <see cref="ToTable"/> as a property, which views can read where methods are out of reach.</summary>
    public string Table => ToTable();

    /// <summary>The plan as people read it.</summary>
    public string ToTable() =>
        new TitledTable(
            $"{Name}: {Precision}, {Counted.Of(Threads, "thread, which takes every batch", "threads, each with its share of every batch")}",
            [
                new(nameof(PlanStep.Step), RightAligned: true),
                new(nameof(PlanStep.Layers)),
                new(nameof(PlanStep.Method)),
                new(nameof(PlanStep.OutputShape), RightAligned: true),
            ],
            [
                .. Steps.Select(step =>
                    (IReadOnlyList<string>)[$"{step.Step}", step.Layers, step.Method, step.OutputShape.ToString()]
                ),
            ],
            string.Join("\n", Rules.Select(rule => $"{rule.Rule}: {rule.Reason}").Distinct())
        ).ToText();

    /// <inheritdoc />
    public override string ToString() =>
        $"{Name}: {Counted.Of(Steps.Count, "step")} in {Precision} on {Counted.Of(Threads, "thread")}";

    private static void Describe(Kernel kernel, string within, List<PlanStep> steps)
    {
        if (kernel is not KernelSequence)
        {
            // The whole path, for a layer within a block can have the name of one outside.
            var layers = string.Join(", ", kernel.LayerNames.Distinct());
            steps.Add(new PlanStep(steps.Count + 1, layers, within + kernel.Method, kernel.Input, kernel.Output));
            within += "  ";
        }
        foreach (var child in kernel.Children)
            Describe(child, within, steps);
    }
}
