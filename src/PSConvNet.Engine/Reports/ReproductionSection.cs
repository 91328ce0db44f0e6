using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>The commands that do it all again.</summary>
internal static class ReproductionSection
{
    /// <summary>What is true of all of them.</summary>
    private const string Conditions =
        ", in PowerShell 7.4 or later with the module PSConvNet imported. With the same version, kind of processor and number of threads, the weights are equal bit for bit; otherwise they are nearly equal.";

    /// <summary>The section of models.</summary>
    public static XElement Write(IReadOnlyList<ReportSubject> subjects, Dataset? data, ModelReportOptions options) =>
        Write(
            "These commands import the data, build the network, train it and write this report again",
            ReproductionScript.Write(subjects, data, options)
        );

    /// <summary>The section.</summary>
    /// <param name="purpose">What the commands do: a sentence without its end.</param>
    /// <param name="commands">The commands.</param>
    /// <param name="remarks">What there is to say of these.</param>
    public static XElement Write(string purpose, string commands, params string[] remarks) =>
        Section(
            "reproduce",
            "How to reproduce it",
            2,
            Paragraph(purpose + Conditions),
            remarks.Select(remark => Paragraph(remark)).ToArray(),
            Tag("pre", Tag("code", commands))
        );
}
