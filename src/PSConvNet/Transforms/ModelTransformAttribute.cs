using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>Lets a <see cref="Model"/> parameter take a training run: the model it trained is meant.</summary>
public sealed class ModelTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is TrainingRun run ? run.Model : inputData;
}
