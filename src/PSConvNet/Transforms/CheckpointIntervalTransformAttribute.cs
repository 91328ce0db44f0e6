using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>Lets a <see cref="CheckpointInterval"/> parameter take a number of epochs, a time span, or words: <c>10 min</c>.</summary>
public sealed class CheckpointIntervalTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return value switch
            {
                TimeSpan time => CheckpointInterval.OfTime(time),
                string text => CheckpointInterval.Parse(text),
                int or long or double or decimal => CheckpointInterval.Parse(
                    Convert.ToString(value, CultureInfo.InvariantCulture)!
                ),
                _ => inputData,
            };
        }
        catch (ConvNetException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
