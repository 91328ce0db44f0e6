using System.Text;
using System.Text.Json.Nodes;
using PSConvNet.Tests;

namespace PSConvNet.Notebook.Tests.Wire;

public class WireFormatTests
{
    private const string Key = "a key of some length";

    [Fact]
    public void A_signature_is_that_of_RFC_4231()
    {
        var signer = new MessageSigner("Jefe", "hmac-sha256");

        var signature = signer.Sign([
            .. new[] { "what do ", "ya want ", "for ", "nothing?" }.Select(Encoding.UTF8.GetBytes),
        ]);

        Assert.Equal(
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            Encoding.ASCII.GetString(signature)
        );
    }

    [Fact]
    public void A_message_comes_back_as_it_was_written()
    {
        var message = Example();

        var back = Format().Read([.. Format().Write(message)], out _);

        Assert.NotNull(back);
        Assert.Equal(message.Identities, back.Identities);
        Assert.Equal(message.Header.ToJsonString(), back.Header.ToJsonString());
        Assert.Equal(message.Content.ToJsonString(), back.Content.ToJsonString());
        Assert.Equal(message.Parent.ToJsonString(), back.Parent.ToJsonString());
    }

    [Fact]
    public void A_message_is_taken_once()
    {
        var format = Format();
        var frames = format.Write(Example());

        Assert.NotNull(format.Read(frames, out _));
        Assert.Null(format.Read(frames, out var fault));
        Assert.Equal("it came before", fault);
    }

    [Fact]
    public void Ten_thousand_damaged_messages_are_dropped()
    {
        var format = Format();
        var frames = format.Write(Example());
        var random = new Random(17);
        for (var i = 0; i < 10_000; i++)
        {
            var damaged = frames.ToList();
            // Anything after the identities, which the transport adds itself.
            var frame = random.Next(1, damaged.Count);
            damaged[frame] = Mutation.Of(damaged[frame], random);
            if (damaged[frame].AsSpan().SequenceEqual(frames[frame]))
                continue;

            Assert.Null(format.Read(damaged, out var fault));
            Assert.NotEmpty(fault);
        }
    }

    [Fact]
    public void Frames_that_are_missing_doubled_or_elsewhere_are_dropped()
    {
        var format = Format();
        var frames = format.Write(Example());
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.Null(format.Read([.. frames.Take(i), .. frames.Skip(i + 1)], out _));
            for (var j = i + 1; j < frames.Count; j++)
            {
                var swapped = frames.ToArray();
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                if (!swapped[i].AsSpan().SequenceEqual(frames[i]))
                    Assert.Null(format.Read(swapped, out _));
            }
        }
        Assert.Null(format.Read([], out _));
    }

    [Fact]
    public void Another_key_signs_otherwise()
    {
        var other = new WireFormat(new MessageSigner("another", "hmac-sha256"));

        Assert.Null(Format().Read(other.Write(Example()), out var fault));
        Assert.Contains("signature", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_nothing_is_signed_and_every_copy_is_taken()
    {
        var format = new WireFormat(new MessageSigner("", "hmac-sha256"));
        var frames = format.Write(Example());

        Assert.Empty(frames[2]);
        Assert.NotNull(format.Read(frames, out _));
        Assert.NotNull(format.Read(frames, out _));
    }

    [Fact]
    public void A_scheme_that_is_not_known_is_refused()
    {
        var error = Assert.Throws<ConvNetException>(() => new MessageSigner(Key, "hmac-md5"));

        Assert.Equal("SignatureSchemeUnknown", error.ErrorId);
    }

    [Fact]
    public void Half_a_character_does_not_keep_a_message_from_being_written()
    {
        var message = WireMessage.Create("s", "stream", new JsonObject { ["text"] = "a\ud83d" }, null);

        Assert.NotNull(Format().Read(Format().Write(message), out _));
    }

    [Fact]
    public void Deep_JSON_and_fields_that_come_twice_are_dropped()
    {
        var signer = new MessageSigner("", "hmac-sha256");
        var format = new WireFormat(signer);
        foreach (
            var bad in (string[])
                ["[]", "", "null", "{\"a\":1,\"a\":2}", new string('[', 10_000), "{\"a\":" + new string('{', 100)]
        )
        {
            byte[][] parts =
            [
                .. new[] { "{\"msg_type\":\"x\",\"msg_id\":\"1\"}", "{}", "{}", bad }.Select(Encoding.UTF8.GetBytes),
            ];

            Assert.Null(format.Read([Encoding.ASCII.GetBytes("<IDS|MSG>"), [], .. parts], out _));
        }
    }

    [Theory]
    [InlineData("""{"msg_type":"x","msg_id":"1","username":"\ud800"}""")]
    [InlineData("""{"msg_type":"x","msg_id":"1","a":[{"b":"\udc00"}]}""")]
    [InlineData("""{"msg_type":"x","msg_id":"1","a":{"\ud800":1}}""")]
    [InlineData("""{"msg_type":"x","msg_id":"1","a":{"b":1,"b":2}}""")]
    public void A_header_that_no_answer_could_name_is_dropped(string header) =>
        Assert.Null(ReadParts(Encoding.UTF8.GetBytes(header), "{}"u8.ToArray()));

    [Fact]
    public void Text_that_is_not_UTF8_is_dropped()
    {
        var header = """{"msg_type":"x","msg_id":"1","username":"a"}"""u8.ToArray();
        Assert.NotNull(ReadParts(header, "{}"u8.ToArray()));
        Assert.Null(ReadParts(header, [.. "{\"code\":\""u8, 0xff, .. "\"}"u8]));
        header[^3] = 0xff;
        Assert.Null(ReadParts(header, "{}"u8.ToArray()));
    }

    [Fact]
    public void A_message_whose_content_has_half_a_character_can_be_answered()
    {
        var header = """{"msg_type":"x","msg_id":"1"}"""u8.ToArray();

        var request = ReadParts(header, """{"code":"\ud800"}"""u8.ToArray());

        Assert.NotNull(request);
        Assert.NotNull(Format().Read(Format().Write(WireMessage.Create("s", "status", [], request)), out _));
    }

    private static WireMessage? ReadParts(byte[] header, byte[] content) =>
        new WireFormat(new MessageSigner("", "hmac-sha256")).Read(
            ["<IDS|MSG>"u8.ToArray(), [], header, "{}"u8.ToArray(), "{}"u8.ToArray(), content],
            out _
        );

    private static WireFormat Format() => new(new MessageSigner(Key, "hmac-sha256"));

    private static WireMessage Example()
    {
        var parent = WireMessage.Create("client", "execute_request", new JsonObject { ["code"] = "1" }, null);
        return WireMessage.Create(
            "session",
            "execute_reply",
            new JsonObject
            {
                ["status"] = "ok",
                ["text"] = "é😀\n\"<b>",
                ["list"] = new JsonArray(1, null, "x"),
            },
            parent,
            [
                [0, 1, 2, 3],
            ]
        );
    }
}
