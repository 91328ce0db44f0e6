using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tensorboard;

namespace PSConvNet.TensorBoard;

/// <summary>
/// What TensorBoard's page HPARAMS knows of a trial: what it was run with, and how it ended. Its messages (plugins/hparams/plugin_data.proto) are
/// not among those that TorchSharp brings; they are a few fields.
/// </summary>
internal static class SessionEvents
{
    /// <summary>The trial's parameters. Repetitions are one group with the trial that they repeat.</summary>
    public static Event Start(SweepTrial trial)
    {
        var parameters = new Struct();
        foreach (var (name, value) in trial.Parameters)
            parameters.Fields[name] = ValueOf(value);
        var session = Message(output =>
        {
            // Its first field is a map of names to values, as Struct's only one is.
            parameters.WriteTo(output);
            output.WriteTag(4, WireFormat.WireType.LengthDelimited);
            output.WriteString(new TrialId(trial.Number).FileName);
            output.WriteTag(5, WireFormat.WireType.Fixed64);
            output.WriteDouble(Events.Seconds(trial.StartedAt));
        });
        return Of(3, session, "_hparams_/session_start_info", Events.Seconds(trial.StartedAt));
    }

    /// <summary>How it ended.</summary>
    public static Event End(SweepTrial trial)
    {
        var seconds = Events.Seconds(trial.EndedAt ?? DateTimeOffset.Now);
        var session = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            // STATUS_SUCCESS or STATUS_FAILURE: to be given up is neither in TensorBoard's words, and the trial did run.
            output.WriteEnum(trial.State == TrialState.Failed ? 2 : 1);
            output.WriteTag(2, WireFormat.WireType.Fixed64);
            output.WriteDouble(seconds);
        });
        return Of(4, session, "_hparams_/session_end_info", seconds);
    }

    private static Value ValueOf(object value) =>
        value switch
        {
            bool flag => Value.ForBool(flag),
            string text => Value.ForString(text),
            IConvertible number => Value.ForNumber(number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)),
            _ => Value.ForString($"{value}"),
        };

    /// <summary>A message of the page, which is the content of a summary without a value.</summary>
    private static Event Of(int field, byte[] session, string tag, double seconds)
    {
        var content = Message(output =>
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(session));
        });
        var nothing = new TensorProto { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto() };
        nothing.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 1 });
        nothing.FloatVal.Add(0);
        var value = new Summary.Types.Value
        {
            Tag = tag,
            Metadata = new SummaryMetadata
            {
                PluginData = new SummaryMetadata.Types.PluginData
                {
                    PluginName = "hparams",
                    Content = ByteString.CopyFrom(content),
                },
            },
            Tensor = nothing,
        };
        return Events.Of(0, seconds, [value]);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }
}
