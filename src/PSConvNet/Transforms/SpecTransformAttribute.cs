using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>
/// Lets a parameter that takes a description also take its name: a string becomes the description with its defaults, anything
/// else goes through as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class SpecTransformAttribute : ArgumentTransformationAttribute
{
    /// <summary>The description of that name.</summary>
    /// <exception cref="ConvNetException">There is none.</exception>
    protected abstract object Parse(string name);

    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string name)
            return inputData;
        try
        {
            return Parse(name);
        }
        catch (ConvNetException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}

/// <summary>Lets an <see cref="OptimizerSpec"/> parameter take an optimizer's name: <c>-Optimizer adam</c>.</summary>
public sealed class OptimizerTransformAttribute : SpecTransformAttribute
{
    /// <inheritdoc />
    protected override object Parse(string name) => OptimizerSpec.Parse(name);
}

/// <summary>Lets a <see cref="LearningRateSchedule"/> parameter take a schedule's name: <c>-Schedule one-cycle</c>.</summary>
public sealed class ScheduleTransformAttribute : SpecTransformAttribute
{
    /// <inheritdoc />
    protected override object Parse(string name) => LearningRateSchedule.Parse(name);
}
