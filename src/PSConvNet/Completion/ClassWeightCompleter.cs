namespace PSConvNet.Completion;

/// <summary>Completes <c>-ClassWeight</c> with its word; a table is the other possibility.</summary>
public sealed class ClassWeightCompleter()
    : SpecNameCompleter(
        [nameof(ClassWeights.Balanced)],
        _ => "All classes count the same in sum, however few images they have."
    );
