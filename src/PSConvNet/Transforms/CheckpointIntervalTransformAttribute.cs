using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>Lets a <see cref="CheckpointInterval"/> parameter take a number of epochs, a time span, or words: <c>10 min</c>.</summary>
public sealed class CheckpointIntervalTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Argument.Plain(Argument.Single(inputData)) switch
            {
                CheckpointInterval interval => interval,
                TimeSpan time => CheckpointInterval.OfTime(time),
                string text => CheckpointInterval.Parse(text),
                IFormattable number => CheckpointInterval.Parse(number.ToString(null, CultureInfo.InvariantCulture)),
                _ => throw Argument.Refuse(
                    inputData,
                    "a whole number of epochs from 1 up, or a time (10 min, 30 s, 1 h, or a TimeSpan)"
                ),
            };
        }
        catch (ConvNetException e)
        {
            throw Argument.Refuse(e);
        }
    }
}
