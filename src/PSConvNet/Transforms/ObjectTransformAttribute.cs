using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>
/// What parameters share that take objects of the engine: another object may stand for one, a list of one is that one, and anything else is
/// refused with where such objects come from.
/// </summary>
/// <typeparam name="T">The type of one object.</typeparam>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ObjectTransformAttribute<T> : ArgumentTransformationAttribute
    where T : class
{
    /// <summary>Whether the parameter takes several.</summary>
    public bool Several { get; init; }

    /// <summary>What to give, in words that follow <c>give</c>.</summary>
    private protected abstract string Expected { get; }

    /// <summary>The same in place of a value that people have reason to give.</summary>
    private protected virtual string ExpectedInPlaceOf(object value) => Expected;

    /// <inheritdoc />
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var given = Argument.Plain(inputData);
        if (given is null)
            return inputData;
        if (given is object?[] items && (Several || items.Length == 1))
        {
            // An object in the list that is none is refused; nothing is left to the parameter's own attributes.
            T?[] all = [.. items.Select(item => item is null ? null : Of(item) ?? throw Refused(item, item))];
            return Several ? all : all[0]!;
        }
        return Of(given) ?? throw Refused(inputData, given);
    }

    /// <summary>The error for a value that the parameter can't be.</summary>
    /// <param name="input">What was given.</param>
    /// <param name="value">The same without what PowerShell wraps it in.</param>
    private protected virtual ArgumentTransformationMetadataException Refused(object input, object value) =>
        Argument.Refuse(input, ExpectedInPlaceOf(value));

    /// <summary>The object that a value is or stands for; null for none.</summary>
    private protected virtual T? Of(object value) => value as T;
}

/// <summary>Lets a <see cref="Model"/> parameter take a training run: the model it trained is meant.</summary>
public sealed class ModelTransformAttribute : ObjectTransformAttribute<Model>
{
    private protected override string Expected =>
        Several ? "models from New-Model or Import-Model" : "one model from New-Model or Import-Model";

    /// <summary>What to give in place of answers of Invoke-Prediction, in words that follow <c>give</c>; null where nobody would give those.</summary>
    public string? InPlaceOfAnswers { get; init; }

    private protected override string ExpectedInPlaceOf(object value) =>
        InPlaceOfAnswers is not null && (value is Prediction or object?[] and [Prediction, ..]) ? InPlaceOfAnswers
        // The first argument is the model also where models come from the pipeline.
        : value is Dataset or ImageSet ? $"{Expected}, and the images with -Data"
        : Expected;

    private protected override ArgumentTransformationMetadataException Refused(object input, object value) =>
        (value is object?[] and [var first, ..] ? first : value) is LayerSpec layer
            ? Argument.RefuseLayer(layer)
            : base.Refused(input, value);

    private protected override Model? Of(object value) => value is TrainingRun run ? run.Model : value as Model;
}

/// <summary>Lets an <see cref="ImageSet"/> parameter take a whole data set: its test part is meant.</summary>
public sealed class ImageSetTransformAttribute : ObjectTransformAttribute<ImageSet>
{
    private protected override string Expected => "images: a data set, or a part of one such as $digits.Test";

    private protected override ImageSet? Of(object value) => value is Dataset data ? data.Test : value as ImageSet;
}

/// <summary>Lets a <see cref="Dataset"/> parameter take a part of one: <c>-Data $digits.Test</c>.</summary>
public sealed class DatasetTransformAttribute : ObjectTransformAttribute<Dataset>
{
    /// <summary>
    /// Whether the images are learned from. Then there are none to measure on; else both parts are these images, and whatever measures
    /// measures on them.
    /// </summary>
    public bool IsForLearning { get; init; }

    /// <summary>Whether a part won't do.</summary>
    public bool IsWhole { get; init; }

    private protected override string Expected =>
        "one data set from Import-Mnist or Import-ImageFolder"
        + (IsWhole ? "" : ", or a part of one such as $digits.Test");

    private protected override Dataset? Of(object value) =>
        value is ImageSet images && !IsWhole ? Dataset.Of(images, IsForLearning) : value as Dataset;
}

/// <summary>Refuses values that aren't layers.</summary>
public sealed class LayerTransformAttribute : ObjectTransformAttribute<LayerSpec>
{
    private protected override string Expected => "a layer from a command such as New-DenseLayer";
}

/// <summary>Refuses values that aren't preparations of pictures.</summary>
public sealed class PreparationTransformAttribute : ObjectTransformAttribute<ImagePreparation>
{
    private protected override string Expected => "what New-ImagePreparation gives";
}
