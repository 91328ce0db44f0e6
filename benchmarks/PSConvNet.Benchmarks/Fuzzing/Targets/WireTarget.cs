using System.Text.Json.Nodes;
using PSConvNet.Benchmarks.Fuzzing.Mutations;
using PSConvNet.Notebook;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Messages to the notebook kernel. What is accepted is not accepted twice, and can be answered.</summary>
internal sealed class WireTarget() : FuzzTarget("wire", new FramesMutation())
{
    private static WireFormat Format => new(FrameList.Signer);

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds() =>
        Requests()
            .Select(request =>
                FrameList.Pack(
                    Format.Write(
                        WireMessage.Create(
                            "session",
                            request.Type,
                            request.Content,
                            null,
                            [
                                [1, 2, 3],
                            ]
                        )
                    )
                )
            );

    private static (string Type, JsonObject Content)[] Requests() =>
        [
            (
                "execute_request",
                new()
                {
                    ["code"] = "1 + 1",
                    ["silent"] = false,
                    ["store_history"] = true,
                    ["user_expressions"] = new JsonObject { ["a"] = "$a" },
                    ["allow_stdin"] = true,
                    ["stop_on_error"] = true,
                }
            ),
            (
                "history_request",
                new()
                {
                    ["hist_access_type"] = "search",
                    ["pattern"] = "*a?",
                    ["n"] = 2,
                    ["unique"] = true,
                    ["output"] = true,
                }
            ),
            (
                "history_request",
                new()
                {
                    ["hist_access_type"] = "range",
                    ["session"] = 0,
                    ["start"] = 0,
                    ["stop"] = 2,
                }
            ),
            ("is_complete_request", new() { ["code"] = "if ($a) {" }),
            ("kernel_info_request", new()),
        ];

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        var (frames, format) = (FrameList.Unpack(input), Format);
        var message = format.Read(frames, out var fault);
        Require(message is not null || fault.Length > 0, "a message that is dropped is dropped for a reason");
        Require(
            message is null || (format.Read(frames, out fault) is null && fault == "it came before"),
            "no message is accepted twice"
        );
        return message;
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        var message = (WireMessage)read;
        try
        {
            Answer(message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The kernel answers with the error. That answer has to be possible.
        }
        var status = WireMessage.Create(
            "session",
            "status",
            new() { ["execution_state"] = "busy" },
            message,
            message.Identities
        );
        var frames = Format.Write(status);
        var again = Format.Read(frames, out _);
        Require(again is not null, "an answer can be read");
        Require(
            JsonNode.DeepEquals(again!.Parent, message.Header) && again.Identities.Count == message.Identities.Count,
            "an answer names what it answers"
        );
    }

    /// <summary>What the kernel looks up in its own thread, and in an order of its own.</summary>
    private static void Answer(WireMessage message)
    {
        var history = new KernelHistory();
        history.Add(1, "$a = 1", "1");
        history.Add(2, "bab", null);
        if (message.Type == "history_request")
            history.Find(message);
        if (message.Type == "is_complete_request")
            QuestionHandler.IsComplete(message);
    }
}
