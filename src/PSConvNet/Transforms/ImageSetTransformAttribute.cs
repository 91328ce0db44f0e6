using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>Lets an <see cref="ImageSet"/> parameter take a whole data set: its test part is meant.</summary>
public sealed class ImageSetTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is Dataset data ? data.Test : inputData;
}
