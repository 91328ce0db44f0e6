using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>Lets a <see cref="Dataset"/> parameter take a part of one: <c>-Data $digits.Test</c>.</summary>
public sealed class DatasetTransformAttribute : ArgumentTransformationAttribute
{
    /// <summary>
    /// Whether the images are learned from. Then there are none to measure on; else both parts are these images, and whatever measures
    /// measures on them.
    /// </summary>
    public bool IsForLearning { get; init; }

    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Argument.Plain(inputData) is ImageSet images ? Dataset.Of(images, IsForLearning) : inputData;
}
