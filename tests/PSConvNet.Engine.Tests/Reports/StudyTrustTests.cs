using PSConvNet.Tests.Data;
using PSConvNet.Tests.Sweeps;
using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Reports;

/// <summary>Studies from strangers.</summary>
public sealed class StudyTrustTests
{
    public static TheoryData<string> HostileTexts { get; } =
    [
        "</style></title></pre><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\"'`$(throw)",
        "]]> <!-- --> <![CDATA[ javascript:alert(1)",
        "\u202Egnp.exe\u2066 \u05E9\u05DC\u05D5\u05DD",
        "bell \a escape \e[31m null \0 end \u0085 \uFFFE",
        "two\nlines\r\nand \u2028 a third\ttab",
        "} } ; throw 'out' ; {",
    ];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Names_values_scripts_and_reasons_are_text_wherever_they_come_from(string text)
    {
        using var folder = new TemporaryFolder();
        var (data, held) = SmallStudy.Data;
        // A space refuses names and values that a terminal would obey.
        var name = PrintableText.Of(text);
        var study = Study.Create(
            Path.Combine(folder.Path, "a study's <b>name & \u202Eegap"),
            SmallStudy.Settings with
            {
                Space = new SweepSpace(
                    [
                        new ChoiceParameter(name, [name, name + "2", 3]),
                        new UniformParameter("Rate", 0, 1),
                        new ChoiceParameter("Units", [4]),
                    ],
                    [When("Rate", name, _ => true)]
                ),
                Script = text,
                Sampler = SweepSampler.Random,
                Trials = 9,
            },
            new Dataset(text, data.Train, data.Test, [text, text + "2", "&lt;"], text),
            held.RenameClasses(text, text + "2", "&lt;").Test
        );
        SweepWorker.Run(
            Study.Open(study.Folder, _ => _ => true),
            point =>
                point[name] is 3
                    ? throw new ConvNetException(text, ErrorKind.InvalidArgument, text)
                    : SmallStudy.Layers(point),
            null,
            null,
            CancellationToken.None
        );

        var page = StudyReportTests.Page(Study.Open(study.Folder));

        page.RequireSound();
        Assert.Contains(page.All("section"), section => section.Attribute("aria-labelledby")?.Value == "failed");
        Assert.Contains(page.All("section"), section => section.Attribute("aria-labelledby")?.Value == "test");
        Assert.Contains("a study's <b>name &", page.All("h1").Single().Value, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, page.Text, StringComparison.Ordinal);
    }

    [Theory]
    // What reads otherwise than it runs is written by its numbers.
    [InlineData("$a\u202E$b", "([scriptblock]::Create(\"`$a`u{202e}`$b\"))")]
    [InlineData("'\e[31m'", "([scriptblock]::Create(\"'`u{1b}[31m'\"))")]
    [InlineData("\r\n  a\r\n\tb # c\r\n", "{\n  a\n\tb # c\n}")]
    [InlineData(" a # c", "{ a # c\n}")]
    [InlineData(" a ", "{ a }")]
    public void A_script_block_is_written_so_that_it_does_what_it_looks_like(string text, string expected) =>
        Assert.Equal(expected, PSConvNet.Reports.SpaceScript.Block(text));
}
