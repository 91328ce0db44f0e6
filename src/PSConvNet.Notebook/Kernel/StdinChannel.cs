using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>Asks the frontend that sent a request.</summary>
/// <param name="answers">What comes on the stdin channel.</param>
/// <param name="send">Sends a question to the frontend.</param>
internal sealed class StdinChannel(BlockingCollection<WireMessage> answers, Action<JsonObject> send) : ICellInput
{
    /// <inheritdoc />
    public string Ask(string prompt, bool secret, CancellationToken stop)
    {
        // An answer to a question that was given up must not become the answer to this one.
        while (answers.TryTake(out _)) { }
        send(new JsonObject { ["prompt"] = prompt, ["password"] = secret });
        while (true)
        {
            var answer = answers.Take(stop);
            if (answer.Type == "input_reply")
                return answer.Text("value");
        }
    }
}
